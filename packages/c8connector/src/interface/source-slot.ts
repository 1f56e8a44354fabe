import type { Log } from './log.ts';

/** What the service of a source keeps for one connection until it is dropped, such as a replication slot. All texts are for people. */
export interface Slot {
  /** What it is and how it is named there: `slot c8_shop_0fcb527a1234`. */
  readonly name: string;
  /** Where it stands, and what the service holds back for it. */
  readonly details: readonly { readonly label: string; readonly value: string }[];
  /** What dropping it does, here and in the next run: whole sentences. */
  readonly effects: readonly string[];
}

/** For which connection a slot is looked up. */
export interface SlotOptions {
  readonly signal?: AbortSignal;
  readonly log?: Log;
  /** Random id of the connection, as its state has it. */
  readonly connection: string;
}

/** Looks up and drops what the service of a source keeps for a connection. */
export interface SourceSlot {
  /** Changes nothing. Resolves with undefined when there is none. Rejects with a ConnectionError `server_busy` when it is in use. */
  find(integration: unknown, options: SlotOptions): Promise<Slot | undefined>;
  /** Drops it, all of it or nothing. Rejects like `find`, and with a ConfigError `slot_missing` when there is none. */
  drop(integration: unknown, options: SlotOptions): Promise<void>;
}
