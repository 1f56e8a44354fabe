import type { KeyValues } from 'c8connector-sql';
import { alphabetOf } from './alphabet.ts';
import type { Column } from './catalog.ts';
import type { LentConnection } from './connection.ts';
import type { MysqlStream } from './discover.ts';
import { compareText, type KeyColumn } from './key-columns.ts';
import {
  bytesMidpoint,
  dateMidpoint,
  type Midpoint,
  numberMidpoint,
  textMidpoint,
  timeMidpoint,
  uuidMidpoint,
} from './midpoint.ts';
import { ownQuery } from './own-query.ts';
import { quoteIdentifier } from './quote.ts';
import { tableText } from './select-text.ts';

/** A part of the table between two keys, with its first and its last one. */
export interface Slice {
  /** The first key of it, which is in the table; undefined for the first slice. */
  readonly from: KeyValues | undefined;
  /** The first key after it; undefined for the last slice. */
  readonly before: KeyValues | undefined;
  readonly first: KeyValues;
  readonly last: KeyValues;
  /** As the server estimates. */
  readonly rows: number;
}

/** Values of the first columns of a key. */
type Bound = readonly [key: readonly KeyColumn[], values: KeyValues];

interface Bounds {
  readonly from?: Bound | undefined;
  readonly before?: Bound | undefined;
}

/** What the division of a table into ranges asks the server. All of it is found in the index, without reading rows. Errors are those of mysql2. */
export interface KeyPlan {
  readonly key: readonly KeyColumn[];
  /** For each column of the key. */
  readonly midpoints: readonly Midpoint[];
  /** The first or the last key within the bounds; undefined if there is none. */
  end(bounds: Bounds, which: 'first' | 'last'): Promise<KeyValues | undefined>;
  /** The slice with the number of its rows. */
  estimated(slice: Omit<Slice, 'rows'>): Promise<Slice>;
}

/** Bytes of a page of InnoDB. */
const pageBytes = 16 * 1024;
/** InnoDB counts the rows of so many pages; for more it guesses from some, and doubles that. */
const countedPages = 10;

/** A plan for the key of a table, whose index has this name. */
export async function keyPlan(
  { client, awaiting }: LentConnection,
  stream: MysqlStream,
  { key, index }: { readonly key: readonly KeyColumn[]; readonly index: string },
): Promise<KeyPlan> {
  const columns = new Map(stream.columns.map((column) => [column.name, column]));
  const midpoints: Midpoint[] = [];
  for (const { name } of key) midpoints.push(await awaiting(midpointOf(client, columns.get(name) as Column)));
  const rowsPerPage = await awaiting(rowsPerPageOf(client, stream));
  const texts = { table: tableText(stream), index: quoteIdentifier(index) };
  return {
    key,
    midpoints,
    async end(bounds, which) {
      const text = endText(texts, key, bounds, which);
      const [row] = await awaiting(ownQuery<Readonly<Record<string, unknown>>>(client, text));
      return row && Object.fromEntries(key.map(({ name }, place) => [name, String(row[aliasOf(place)])]));
    },
    async estimated(slice) {
      const [row] = await awaiting(ownQuery<{ readonly rows: unknown }>(client, estimateText(texts, key, slice)));
      const rows = Number(row?.rows ?? 1);
      return { ...slice, rows: rows > countedPages * rowsPerPage ? rows / 2 : rows };
    },
  };
}

/** The table and the index in SQL. */
interface Texts {
  readonly table: string;
  readonly index: string;
}

const aliasOf = (place: number): string => `c8 key ${place}`;

/** The key of the first or the last row within the bounds, each value as a position has it. */
function endText({ table, index }: Texts, key: readonly KeyColumn[], bounds: Bounds, which: 'first' | 'last'): string {
  const values = key.map(({ name, kind }, place) => {
    const column = quoteIdentifier(name);
    const text = kind === 'binary' ? `lower(hex(${column}))` : `cast(${column} as char)`;
    return `${text} as ${quoteIdentifier(aliasOf(place))}`;
  });
  const order = key.map(({ name }) => `${quoteIdentifier(name)}${which === 'last' ? ' desc' : ''}`);
  return `select ${values.join(', ')} from ${table} force index (${index})${whereText(bounds)} order by ${order.join(', ')} limit 1`;
}

/** With FORCE INDEX, MySQL would not estimate. */
function estimateText(
  { table, index }: Texts,
  key: readonly KeyColumn[],
  { from, before }: Omit<Slice, 'rows'>,
): string {
  const names = key.map(({ name }) => quoteIdentifier(name));
  const bounds = { from: from && ([key, from] as const), before: before && ([key, before] as const) };
  return `explain format=traditional select ${names.join(', ')} from ${table} use index (${index})${whereText(bounds)}`;
}

function whereText({ from, before }: Bounds): string {
  const conditions = [
    ...(from ? [compareText(from[0], 'from', from[1])] : []),
    ...(before ? [compareText(before[0], 'before', before[1])] : []),
  ];
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}

async function rowsPerPageOf(
  client: LentConnection['client'],
  { schemaName, tableName }: MysqlStream,
): Promise<number> {
  const [row] = await ownQuery<{ readonly bytes: number | string | null }>(
    client,
    'select avg_row_length as bytes from information_schema.tables where table_schema = ? and table_name = ?',
    [schemaName, tableName],
  );
  const bytes = Number(row?.bytes ?? 0);
  return pageBytes / Math.max(bytes, 32);
}

async function midpointOf(client: LentConnection['client'], column: Column): Promise<Midpoint> {
  const { type } = column;
  switch (type.kind) {
    case 'integer':
    case 'year':
      return numberMidpoint(0);
    case 'numeric':
      return numberMidpoint(type.scale);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return dateMidpoint;
    case 'time':
      return timeMidpoint;
    case 'binary':
      return bytesMidpoint;
    case 'string':
      if (type.format === 'uuid') return uuidMidpoint;
      return column.collation === undefined ? () => undefined : textMidpoint(await alphabetOf(client, column));
    default:
      return () => undefined;
  }
}
