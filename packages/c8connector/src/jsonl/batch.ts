import type { ColumnValues, SubMicroseconds } from '../interface/columns.ts';
import type { Exactness, Face, RecordsMessage } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { type ColumnMemory, keepColumns } from './columns/column-memory.ts';
import { columnSize } from './columns/column-size.ts';
import { columnsOfLines } from './columns/columns-of-lines.ts';
import { misfitError } from './columns/misfit.ts';
import { rowsOfColumns } from './columns/rows-of-columns.ts';
import { encodeRows } from './encode-row.ts';
import { rowsOfLines, withExactness } from './lines.ts';
import { estimateSize } from './row-size.ts';

/** What a batch carries besides its rows. */
export interface BatchHeader {
  readonly stream: string;
  /** The schema of the last SCHEMA message of the stream. */
  readonly schema: StreamSchema;
  readonly version?: number | undefined;
  /** When the rows were read, ISO 8601 in UTC with microseconds. */
  readonly extractedAt: string;
  /** How decimals and JSON columns are written in the lines; see {@link Exactness}. */
  readonly exact: Exactness;
  /** See `RecordsMessage`. */
  readonly reuse?: ((columns: readonly ColumnValues[]) => void) | undefined;
  /** See `RecordsMessage`. */
  readonly release?: (() => void) | undefined;
  /** Where the arrays of columns that are made of lines come from, and go back to with `reuse`. */
  readonly memory?: ColumnMemory | undefined;
}

/** The representations of a batch. It is made from one of them. */
interface Faces {
  lines?: Uint8Array;
  rows?: readonly Row[];
  columns?: readonly ColumnValues[];
  /** Known once the columns are made. */
  absent?: ColumnValues | undefined;
}

/**
 * RECORDS: at most 2 MB of rows of one stream, in three representations ("faces"). `lines()` is newline-delimited JSON, `rows()` is objects, `columns()` is typed arrays. A batch is
 * made from one of them, and computes another when it is first requested.
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
  readonly reuse: BatchHeader['reuse'];
  readonly release: BatchHeader['release'];
  readonly #memory: ColumnMemory | undefined;
  readonly #faces: Faces;

  private constructor(header: BatchHeader, count: number, faces: Faces) {
    this.stream = header.stream;
    this.schema = header.schema;
    this.version = header.version;
    this.extractedAt = header.extractedAt;
    this.exact = header.exact;
    this.count = count;
    const { memory } = header;
    this.reuse = header.reuse ?? (memory && ((columns) => keepColumns(memory, header.schema, columns)));
    this.release = header.release;
    this.#memory = memory;
    this.#faces = faces;
  }

  /** `lines` holds `count` objects, each ended by a newline, with only columns of the schema, in the schema's order, and no key twice. */
  static ofLines(header: BatchHeader, lines: Uint8Array, count: number): Batch {
    return new Batch(header, count, { lines });
  }

  static ofRows(header: BatchHeader, rows: readonly Row[]): Batch {
    return new Batch(header, rows.length, { rows });
  }

  /** A column for each of the schema, in its order, with `count` rows each. */
  static ofColumns(header: BatchHeader, columns: readonly ColumnValues[], count: number): Batch {
    return new Batch(header, count, { columns });
  }

  /** The representation that the batch was made from. */
  get face(): Face {
    if (this.#faces.columns !== undefined) return 'columns';
    return this.#faces.lines === undefined ? 'rows' : 'lines';
  }

  /** Size of the lines or of the columns, in bytes; an estimate when there are only rows. */
  get bytes(): number {
    const { lines, columns, rows = [] } = this.#faces;
    if (columns !== undefined && lines === undefined)
      return columns.reduce((sum, column) => sum + columnSize(column, this.count), 0);
    return lines?.length ?? rows.reduce((sum, row) => sum + estimateSize(row), 0);
  }

  /** UTF-8, one JSON object a line, each line ended by a newline. */
  lines(): Uint8Array {
    this.#faces.lines ??= encodeRows(this.rows(), this.schema, this.exact);
    return this.#faces.lines;
  }

  /** Decimals and JSON columns as values, whatever `exact` says. */
  rows(): readonly Row[] {
    const { lines, columns } = this.#faces;
    this.#faces.rows ??=
      columns === undefined
        ? rowsOfLines(lines ?? new Uint8Array(), this.schema, this.exact)
        : rowsOfColumns(columns, this.count, this.schema);
    return this.#faces.rows;
  }

  /** See {@link RecordsMessage.columns}. */
  columns(keyProperties: readonly string[] = [], subMicroseconds?: SubMicroseconds): readonly ColumnValues[] {
    if (this.#faces.columns === undefined) {
      const { stream, schema } = this;
      // With exactness `text` a decimal is a string, and so is the text of a JSON column.
      const options = { subMicroseconds, memory: this.#memory };
      const found = columnsOfLines(this.with('number').lines(), this.count, schema, options);
      if ('json' in found) throw misfitError(found, { stream, schema, keyProperties });
      this.#faces.columns = found.columns;
      this.#faces.absent = found.absent;
    }
    return this.#faces.columns;
  }

  /** See {@link RecordsMessage.absentColumns}. */
  absentColumns(): ColumnValues | undefined {
    this.columns();
    return this.#faces.absent;
  }

  /** The same rows, with decimals and JSON columns written in the lines as `exact` says. */
  with(exact: Exactness): Batch {
    if (exact === this.exact) return this;
    const header = { ...this.header(), exact };
    const { lines, ...others } = this.#faces;
    if (lines === undefined) return new Batch(header, this.count, others);
    return Batch.ofLines(header, withExactness(lines, this.schema, exact), this.count);
  }

  private header(): BatchHeader {
    return {
      stream: this.stream,
      schema: this.schema,
      version: this.version,
      extractedAt: this.extractedAt,
      exact: this.exact,
      reuse: this.reuse,
      release: this.release,
      memory: this.#memory,
    };
  }
}
