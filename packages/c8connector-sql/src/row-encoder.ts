import type { Convert, Shortcut } from './convert-text.ts';
import type { JsonPage } from './json-page.ts';

/** A column as an encoder of rows needs it. */
export interface RowColumn {
  readonly name: string;
  /** False when the schema that was sent does not allow null. */
  readonly isNullable: boolean;
  readonly convert: Convert;
  /** How an ordinary field may be written without a call of `convert`. */
  readonly shortcut?: Shortcut | undefined;
}

/** Converts rows in the format of a server to pages, by default of JSON lines. */
export interface RowEncoder<P = JsonPage> {
  /**
   * Appends a row, in `bytes` from `start` to `end`. Its fields may be unescaped in place.
   *
   * @throws {ConnectionError} `server_answer_invalid` when it does not have one field for each column.
   * @throws {DataError} `stream_changed` when a column is null that was NOT NULL before.
   */
  add(bytes: Uint8Array, start: number, end: number): void;
  /** The next page of about a megabyte, undefined when there is none yet. A larger row has a page of its own. */
  nextPage(): P | undefined;
  /** The rows since the last full page, as a page of its own; undefined when there are none. */
  rest(): P | undefined;
}
