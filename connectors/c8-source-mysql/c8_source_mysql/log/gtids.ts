/** Transactions that were read, by their GTIDs. */
export interface Gtids {
  has(gtid: string): boolean;
  /** Adds a transaction that was read completely. */
  add(gtid: string): void;
  /** Whether all of another text of the same form are among these. */
  includes(other: string): boolean;
  /** The server's own form. */
  text(): string;
}
