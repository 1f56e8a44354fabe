import type { Exactness, RecordsMessage } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { encodeRows } from './encode-row.ts';
import { rowsOfLines, withExactness } from './lines.ts';
import { estimateSize } from './row-size.ts';

/** What a batch is made of, besides its content. */
export interface BatchHeader {
  readonly stream: string;
  /** The schema of the last SCHEMA message of the stream. */
  readonly schema: StreamSchema;
  readonly version?: number | undefined;
  /** When the rows were read, ISO 8601 in UTC with microseconds. */
  readonly extractedAt: string;
  /** How decimals and JSON columns stand in the lines; see {@link Exactness}. */
  readonly exact: Exactness;
}

/**
 * RECORDS: at most 2 MB of rows of one stream, with two faces. `lines()` is newline-delimited JSON, `rows()` is objects; a batch is
 * made of one of them, and the other is computed when it is first asked for.
 */
export class Batch implements RecordsMessage {
  readonly type = 'RECORDS';
  readonly stream: string;
  readonly schema: StreamSchema;
  readonly version: number | undefined;
  readonly extractedAt: string;
  readonly exact: Exactness;
  /** Number of rows. */
  readonly count: number;
  #lines: Uint8Array | undefined;
  #rows: readonly Row[] | undefined;

  private constructor(
    header: BatchHeader,
    count: number,
    lines: Uint8Array | undefined,
    rows: readonly Row[] | undefined,
  ) {
    this.stream = header.stream;
    this.schema = header.schema;
    this.version = header.version;
    this.extractedAt = header.extractedAt;
    this.exact = header.exact;
    this.count = count;
    this.#lines = lines;
    this.#rows = rows;
  }

  /** `lines` holds `count` objects, each ended by a newline, with no column that the schema lacks, in the schema's order, no key twice. */
  static ofLines(header: BatchHeader, lines: Uint8Array, count: number): Batch {
    return new Batch(header, count, lines, undefined);
  }

  static ofRows(header: BatchHeader, rows: readonly Row[]): Batch {
    return new Batch(header, rows.length, undefined, rows);
  }

  /** Size of the lines; while there are none, an estimate from the rows. */
  get bytes(): number {
    return this.#lines?.length ?? (this.#rows ?? []).reduce((sum, row) => sum + estimateSize(row), 0);
  }

  /** UTF-8, one JSON object a line, each line ended by a newline. */
  lines(): Uint8Array {
    this.#lines ??= encodeRows(this.#rows ?? [], this.schema, this.exact);
    return this.#lines;
  }

  /** Decimals and JSON columns as values, whatever `exact` says. */
  rows(): readonly Row[] {
    this.#rows ??= rowsOfLines(this.#lines ?? new Uint8Array(), this.schema, this.exact);
    return this.#rows;
  }

  /** The same rows with decimals and JSON columns standing in the lines as `exact` asks. */
  with(exact: Exactness): Batch {
    if (exact === this.exact) return this;
    const header = { ...this.header(), exact };
    if (this.#lines === undefined) return Batch.ofRows(header, this.#rows ?? []);
    return Batch.ofLines(header, withExactness(this.#lines, this.schema, exact), this.count);
  }

  private header(): BatchHeader {
    return {
      stream: this.stream,
      schema: this.schema,
      version: this.version,
      extractedAt: this.extractedAt,
      exact: this.exact,
    };
  }
}
