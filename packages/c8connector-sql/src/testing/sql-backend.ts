import type { SourceConnector } from 'c8connector';

/** The database behind a source, for {@link testSqlSource}. The statements are standard SQL; what is not is asked for here. */
export interface SqlBackend {
  readonly connector: new () => SourceConnector;
  /** The raw config with which the source reads the database in which `execute` works. */
  config(): Promise<Record<string, unknown>>;
  /** Executes one statement. Resolves once it is committed and in the log of the server. */
  execute(sql: string): Promise<unknown>;
  /** The id of the stream of a table that was created by its name alone. */
  streamOf(table: string): string;
  /** A name as an identifier, whatever characters it contains. */
  quote(name: string): string;
  /** A type for bytes of any number. */
  readonly binary: string;
  /** The literal of a value of that type from hexadecimal digits. */
  binaryLiteral(hex: string): string;
  /** A type for a date and a time without a zone, to the microsecond. */
  readonly timestamp: string;
}
