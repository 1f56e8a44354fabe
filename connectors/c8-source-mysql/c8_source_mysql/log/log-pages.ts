import type { LogPage } from 'c8connector';
import { invalidAnswer } from 'c8connector-sql';
import type { LogRows, LogTableMap } from './binlog/events.ts';
import type { LogTable, RowsEvent } from './log-table.ts';
import type { Transaction } from './transaction.ts';

/** A page is emitted once its rows have this many bytes. */
const pageBytes = 1024 * 1024;

/** The rows of all tables of the log, until they are complete pages. */
export interface LogPages {
  /** Takes a description of a table. Returns the id of its stream when it is not known how to read it. */
  map(map: LogTableMap): string | undefined;
  /** Sets how the rows of a table are read from here on. If its columns changed, a page reports it. */
  describe(map: LogTableMap, table: LogTable, isChanged: boolean): void;
  /** Adds the rows of an event, for a stream that does not have them yet. */
  add(event: RowsEvent, transaction: Transaction): void;
  truncate(stream: string): void;
  /** Forgets the descriptions, since another file or another dump describes its tables again. */
  forget(): void;
  /** Completes the current pages. */
  close(): void;
  push(page: LogPage): void;
  isEmpty(): boolean;
  isFull(): boolean;
  /** Returns the completed pages, each once. */
  take(): LogPage[];
}

/** What {@link logPages} must know of the read. */
export interface LogPagesRequest {
  /** The stream of a table; undefined if the table is not read. */
  streamOf(database: string, table: string): string | undefined;
  /** Throws, since the images of the rows lack columns. */
  refuseImage(stream: string): never;
}

interface Mapped {
  readonly map: LogTableMap;
  readonly table: LogTable;
}

/** Empty pages. */
export function logPages({ streamOf, refuseImage }: LogPagesRequest): LogPages {
  /** By the id of the last description; undefined for a table that is not read. */
  const byId = new Map<number, Mapped | undefined>();
  /** How each stream was read last. */
  const last = new Map<string, Mapped>();
  let ready: LogPage[] = [];
  let held = 0;

  function takeRows(table: LogTable | undefined): void {
    const page = table?.take();
    if (page !== undefined) ready.push(page);
  }

  return {
    map(map) {
      const stream = streamOf(map.database, map.name);
      const known = stream === undefined ? undefined : last.get(stream);
      if (stream === undefined || (known !== undefined && isAlike(known.map, map))) byId.set(map.id, known);
      else return stream;
      return undefined;
    },
    describe(map, table, isChanged) {
      const { stream, schema, keyProperties } = table;
      takeRows(last.get(stream)?.table);
      last.set(stream, { map, table });
      byId.set(map.id, { map, table });
      if (isChanged) ready.push({ stream, schema, keyProperties });
    },
    add(event, transaction) {
      const { rows } = event;
      if (!byId.has(rows.tableId)) throw invalidAnswer('rows in the log whose table was not described');
      const table = byId.get(rows.tableId)?.table;
      if (table === undefined || !transaction.isNew(table.stream)) return;
      if (!isWhole(rows)) refuseImage(table.stream);
      const before = table.size();
      table.add(event, transaction.endings);
      held += table.size() - before;
    },
    truncate(stream) {
      takeRows(last.get(stream)?.table);
      ready.push({ stream, truncated: true });
    },
    forget: () => byId.clear(),
    close() {
      for (const { table } of last.values()) takeRows(table);
      held = 0;
    },
    push: (page) => void ready.push(page),
    isEmpty: () => ready.length === 0,
    isFull: () => held >= pageBytes,
    take() {
      const pages = ready;
      ready = [];
      return pages;
    },
  };
}

function isWhole({ before, after }: LogRows): boolean {
  return before?.includes(false) !== true && after?.includes(false) !== true;
}

/** Whether rows are read in the same way. */
function isAlike(one: LogTableMap, other: LogTableMap): boolean {
  if (one === other) return true;
  if (one.columns.length !== other.columns.length) return false;
  return one.columns.every((column, index) => {
    const { name, type, meta, isNullable, isUnsigned, collation, labels } = other.columns[index] as typeof column;
    return (
      [name, type, meta, isNullable, isUnsigned, collation].every(
        (value, at) =>
          value === [column.name, column.type, column.meta, column.isNullable, column.isUnsigned, column.collation][at],
      ) &&
      (labels === column.labels || labels?.join('\0') === column.labels?.join('\0'))
    );
  });
}
