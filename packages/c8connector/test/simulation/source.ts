import {
  DataError,
  defineSource,
  type Page,
  type SourceConnector,
  type Stream,
  type StreamSchema,
} from '../../src/index.ts';
import type { Database, Table, TableRow } from './database.ts';
import type { Effects } from './effects.ts';
import type { Host } from './host.ts';
import type { Random } from './random.ts';

/** How the source of a simulated database behaves. */
export interface SourceOptions {
  readonly database: Database;
  readonly effects: Effects;
  readonly random: Random;
  /** Rows of a page at most. */
  readonly pageRows: number;
  /** Whether it is asked for the highest key. */
  readonly hasHighest: boolean;
}

type Place = Readonly<Record<string, unknown>>;

/** A source over the database, as one host has opened it: each page is an effect of that host. */
export function simulatedSource(options: SourceOptions, host: Host): SourceConnector {
  const { database, effects, hasHighest } = options;
  const tableOf = (stream: Stream): Table => {
    const table = database.tables.get(stream.id);
    if (table === undefined) throw new Error(`no table ${stream.id}`);
    return table;
  };
  return new (defineSource({
    package: { name: 'c8-source-simulated', version: '1.0.0' },
    name: 'Simulated',
    description: 'Reads a database in memory.',
    config: { lookback_seconds: { type: 'integer', displayName: 'Lookback', description: 'Seconds.' } },
    discover: () => effects.effect(host, 'discover', () => streamsOf(database)),
    ...(hasHighest
      ? { highest: (stream: Stream) => effects.effect(host, `highest ${stream.id}`, () => highestOf(tableOf(stream))) }
      : {}),
    async *read(stream, { bookmark, since, columns }) {
      const table = tableOf(stream);
      let after: Place | undefined = bookmark;
      for (let isFirst = true; ; isFirst = false) {
        const rows = await effects.effect(host, `page ${stream.id}`, () => {
          refuse(table, stream, isFirst);
          return rowsAfter(
            table,
            after,
            since === undefined ? 0 : Date.parse(String(since)),
            isFirst && bookmark === undefined,
            options.pageRows,
          );
        });
        if (rows === undefined) return;
        const last = rows.at(-1);
        if (last !== undefined) after = { at: last.at ?? 0, id: last.id };
        yield pageOf(table, rows, columns, options.random);
      }
    },
  }))();
}

/** The streams that there are now. */
export function streamsOf(database: Database): readonly Stream[] {
  return [...database.tables.values()].map(({ id, kind, hasExtraColumn }) => ({
    id,
    schema: schemaOf(hasExtraColumn),
    keyProperties: ['id'],
    replication: {
      methods: [kind.method],
      ...(kind.method === 'INCREMENTAL' ? { keys: ['at'], isSorted: kind.isSorted === true } : {}),
    },
  }));
}

function schemaOf(hasExtraColumn: boolean): StreamSchema {
  const extra = hasExtraColumn ? { extra: { type: ['integer', 'null'] } } : {};
  return {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      at: { type: ['string', 'null'], format: 'date-time' },
      value: { type: 'integer' },
      ...extra,
    },
  };
}

function refuse(table: Table, stream: Stream, isFirst: boolean): void {
  if (table.isPoisoned)
    throw new DataError('a row cannot be read', { code: 'row_unreadable', details: { stream: stream.id } });
  if (isFirst && 'extra' in stream.schema.properties !== table.hasExtraColumn)
    throw new DataError('the columns changed', { code: 'stream_changed', details: { stream: stream.id } });
}

function highestOf({ rows }: Table): string | undefined {
  const keys = [...rows.values()].flatMap(({ at }) => (at === null ? [] : [at]));
  return keys.length === 0 ? undefined : textOf(Math.max(...keys));
}

/** The next rows in the order of the table; undefined at its end. Those without a key stand in the first page. */
function rowsAfter(
  { kind, rows }: Table,
  after: Place | undefined,
  since: number,
  isFirst: boolean,
  most: number,
): readonly TableRow[] | undefined {
  const all = [...rows.values()];
  const isSorted = kind.isSorted === true;
  const isBehind = ({ at, id }: TableRow): boolean => {
    if (after === undefined) return true;
    if (!isSorted) return id > Number(after.id);
    return Number(at) > Number(after.at) || (at === after.at && id > Number(after.id));
  };
  const isWanted = ({ at }: TableRow): boolean => kind.method === 'FULL_TABLE' || at === null || at >= since;
  const nulls = isSorted && isFirst ? all.filter(({ at }) => at === null) : [];
  const others = all.filter((row) => (!isSorted || row.at !== null) && isWanted(row) && isBehind(row));
  const order = (one: TableRow, other: TableRow): number =>
    (isSorted ? Number(one.at) - Number(other.at) : 0) || one.id - other.id;
  const found = [...nulls, ...others.sort(order).slice(0, most)];
  return found.length === 0 ? undefined : found;
}

function pageOf(
  { kind, hasExtraColumn }: Table,
  rows: readonly TableRow[],
  columns: readonly string[],
  random: Random,
): Page {
  const last = rows.at(-1);
  const isLines = random.chance(0.8);
  const whole = rows.map(({ id, at, value }) => {
    const row = { id, at: at === null ? null : textOf(at), value, extra: hasExtraColumn ? value * 10 : null };
    return Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)));
  });
  const hasBookmark =
    last?.at !== null && (kind.bookmarks === 'all' || (kind.bookmarks === 'some' && (last?.id ?? 0) % 2 === 0));
  const bookmark = hasBookmark && last !== undefined ? { bookmark: { at: last.at ?? 0, id: last.id } } : {};
  if (!isLines) return { rows: whole, ...bookmark };
  const lines = new TextEncoder().encode(whole.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return { lines, count: rows.length, ...bookmark };
}

function textOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
