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
  const table = tableText(stream);
  const columns = new Map(stream.columns.map((column) => [column.name, column]));
  const midpoints: Midpoint[] = [];
  for (const { name } of key) midpoints.push(await awaiting(midpointOf(client, columns.get(name) as Column)));
  const values = key.map(
    ({ name, kind }, place) =>
      `${kind === 'binary' ? 'lower(hex' : '(cast'}(${quoteIdentifier(name)}${kind === 'binary' ? '' : ' as char'})) as ${quoteIdentifier(`c8 key ${place}`)}`,
  );
  const names = key.map(({ name }) => quoteIdentifier(name));
  const conditions = ({ from, before }: Bounds): string => {
    const all = [
      ...(from ? [compareText(from[0], 'from', from[1])] : []),
      ...(before ? [compareText(before[0], 'before', before[1])] : []),
    ];
    return all.length === 0 ? '' : ` where ${all.join(' and ')}`;
  };
  const rowsPerPage = await awaiting(rowsPerPageOf(client, stream));
  return {
    key,
    midpoints,
    async end(bounds, which) {
      const order = names.map((name) => `${name}${which === 'last' ? ' desc' : ''}`).join(', ');
      const text = `select ${values.join(', ')} from ${table} force index (${quoteIdentifier(index)})${conditions(bounds)} order by ${order} limit 1`;
      const [row] = await awaiting(ownQuery<Readonly<Record<string, unknown>>>(client, text));
      return row && Object.fromEntries(key.map(({ name }, place) => [name, String(row[`c8 key ${place}`])]));
    },
    async estimated(slice) {
      const bounds = {
        from: slice.from && ([key, slice.from] as const),
        before: slice.before && ([key, slice.before] as const),
      };
      // With FORCE INDEX, MySQL would not estimate.
      const text = `explain format=traditional select ${names.join(', ')} from ${table} use index (${quoteIdentifier(index)})${conditions(bounds)}`;
      const rows = await awaiting(ownQuery<{ readonly rows: number | string | null }>(client, text));
      const found = Number(rows[0]?.rows ?? 1);
      return { ...slice, rows: found > countedPages * rowsPerPage ? found / 2 : found };
    },
  };
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
