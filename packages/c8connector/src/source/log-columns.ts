import type { ColumnValues } from '../interface/columns.ts';
import { ConfigError } from '../interface/errors.ts';
import type { Stream, StreamSchema, ValueSchema } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { type ColumnType, columnType } from '../jsonl/column-type.ts';
import { builtColumn, columnBuilder, putNull } from '../jsonl/columns/column-builder.ts';
import { deletedAt, sequenceColumn } from '../jsonl/log-columns.ts';
import { noLines, takeLines } from '../jsonl/page-lines.ts';
import type { PageMemory } from '../jsonl/page-memory.ts';
import { numberLines } from './number-lines.ts';
import type { Page } from './source-definition.ts';

const nothing = new Uint8Array(0);

/** Row numbers per epoch; a longer attempt continues into those of the following epochs. */
const rowsOfEpoch = 2 ** 20;

/** The columns that are added to each row of a stream whose changes are read from a log, in their order. `own` are those of its source, such as `_sdc_lsn`. */
export function logColumns(own: Readonly<Record<string, ValueSchema>> = {}): Readonly<Record<string, ValueSchema>> {
  return {
    [deletedAt]: { type: ['string', 'null'], format: 'date-time' },
    ...own,
    [sequenceColumn]: { type: 'integer' },
  };
}

/** A schema with these columns after its own. */
export function withColumns(schema: StreamSchema, columns: Readonly<Record<string, ValueSchema>>): StreamSchema {
  return { ...schema, properties: { ...schema.properties, ...columns } };
}

/** Throws a ConfigError `method_unsupported` when a stream already has a column of such a name. */
export function refuseOwnColumns({ id, schema }: Stream, columns: Readonly<Record<string, ValueSchema>>): void {
  const own = Object.keys(columns).find((column) => Object.hasOwn(schema.properties, column));
  if (own === undefined) return;
  throw new ConfigError(
    `stream '${id}' has a column '${own}' of its own, which a change log needs for itself; read it with another replication method, or rename the column`,
    { code: 'method_unsupported', details: { stream: id, column: own } },
  );
}

/** Assigns `_sdc_sequence` to the rows of one attempt. */
export interface RowNumbering {
  next(): bigint;
  /** Reserves numbers for this many rows, and returns the first one. */
  take(count: number): bigint;
  /** The lowest epoch above all assigned numbers, if that is not simply the next one. */
  lastEpoch(): number | undefined;
}

export function rowNumbering(epoch: number): RowNumbering {
  const first = BigInt(epoch) * BigInt(rowsOfEpoch);
  let rows = 0;
  function take(count: number): bigint {
    rows += count;
    return first + BigInt(rows - count);
  }
  return {
    next: () => take(1),
    take,
    lastEpoch: () => (rows <= rowsOfEpoch ? undefined : epoch + Math.ceil(rows / rowsOfEpoch)),
  };
}

/** What pages need to become complete. */
interface Completion {
  /** The columns of the log. */
  readonly columns: Readonly<Record<string, ValueSchema>>;
  readonly numbering: RowNumbering;
  /** For the lines of the completed pages. */
  readonly memory: PageMemory;
  readonly isCopy: boolean;
}

/**
 * A page with the columns of a log added to its rows: their number, and null for other columns without a value. Lines and columns of a copy get all of them; those of a log get only the number, since
 * their source writes the others.
 */
export function completed(page: Page, { columns, numbering, memory, isCopy }: Completion): Page {
  const nulls = Object.fromEntries(Object.keys(columns).map((column) => [column, null]));
  if ('lines' in page) {
    const { [sequenceColumn]: _, ...others } = nulls;
    const members = isCopy ? Object.keys(others).map((column) => `${JSON.stringify(column)}:null,`) : [];
    const tail = `${members.join('')}${JSON.stringify(sequenceColumn)}:`;
    const { lines, release, ...copied } = page;
    const numbered = noLines(memory);
    numberLines(numbered, lines, page.count, { tail, first: numbering.take(page.count) });
    release?.();
    return { ...copied, lines: nothing, ...takeLines(numbered) };
  }
  if ('columns' in page) {
    const added = Object.entries(columns).map(([column, schema]) =>
      column === sequenceColumn
        ? numberColumn(page.count, numbering)
        : nullColumn(columnType(schema, { properties: {} }), page.count),
    );
    return { ...page, columns: [...page.columns, ...(isCopy ? added : added.slice(-1))] };
  }
  const complete = (row: Row): Row => ({ ...row, ...missing(row, nulls), [sequenceColumn]: numbering.next() });
  return { ...page, rows: page.rows.map(complete) };
}

function nullColumn(type: ColumnType, count: number): ColumnValues {
  const builder = columnBuilder(type, count);
  for (let row = 0; row < count; row++) putNull(builder);
  return builtColumn(builder);
}

function numberColumn(count: number, numbering: RowNumbering): ColumnValues {
  const words = new Int32Array(2 * count);
  const numbers = new BigInt64Array(words.buffer);
  for (let row = 0; row < count; row++) numbers[row] = numbering.next();
  return { kind: 'int64', values: words };
}

function missing(row: Row, nulls: Row): Row {
  return Object.fromEntries(Object.keys(nulls).map((column) => [column, row[column] ?? null]));
}
