import { isDeepStrictEqual } from 'node:util';
import type { PostgresStream } from '../../discover.ts';
import { lsnOf } from '../server-log.ts';
import { encode, int8, int32, int64, relation, textOf, tuple, type Value } from './encode.ts';
import { type Layout, layoutOf } from './layout.ts';
import { readWal2json, type Wal2jsonBoundary, type Wal2jsonChange, type Wal2jsonColumn } from './message.ts';

/** Converts a message of wal2json to messages of pgoutput, so that all later steps are the same for both. Throws a SyntaxError or a RangeError for an invalid message. */
export type Translate = (body: Buffer) => readonly Buffer[];

/** A change of a table that is not read. It counts among the changes of its transaction. */
const unread = encode('I', int32(0), tuple('N', []));

/** Microseconds from 1970 to 2000, where PostgreSQL's clock begins. */
const epoch = 946_684_800_000_000n;

/** A translation for these streams, which are identified by their current names. */
export function wal2jsonTranslation(streams: readonly PostgresStream[]): Translate {
  const tables = new Map(streams.map((stream) => [nameOf(stream.schemaName, stream.tableName), tableOf(stream)]));
  return (body) => {
    const message = readWal2json(body);
    if (message === undefined) return [];
    if (message.action === 'B') return [begin(message)];
    if (message.action === 'C') return [commit(message)];
    const table = tables.get(nameOf(message.schema, message.table));
    return table === undefined ? [unread] : table(message);
  };
}

function nameOf(schema: string, table: string): string {
  return JSON.stringify([schema, table]);
}

function begin({ lsn, timestamp }: Wal2jsonBoundary): Buffer {
  return encode('B', int64(position(lsn)), int64(microseconds(timestamp) - epoch), int32(0));
}

function commit({ lsn, nextlsn, timestamp }: Wal2jsonBoundary): Buffer {
  return encode('C', int8(0), int64(position(lsn)), int64(position(nextlsn)), int64(microseconds(timestamp) - epoch));
}

function position(text: string): bigint {
  const lsn = lsnOf(text);
  if (lsn === undefined) throw new RangeError(`an invalid position ${JSON.stringify(text)}`);
  return lsn;
}

/** The session has ISO dates in UTC. */
function microseconds(text: string): bigint {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text) ?? [];
  if (seconds === undefined) throw new RangeError(`an invalid time ${JSON.stringify(text)}`);
  return BigInt(Date.parse(`${seconds.replace(' ', 'T')}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

function tableOf({ oid, schemaName, tableName, columns, keyProperties = [] }: PostgresStream) {
  const id = Number(oid);
  let layout: Layout = columns.map(({ name, announced }) => ({
    name,
    type: announced.oid,
    modifier: announced.modifier,
    isIdentity: keyProperties.length === 0 || keyProperties.includes(name),
  }));
  let isDescribed = false;

  function described(change: Wal2jsonChange): readonly Buffer[] {
    const now = layoutOf(layout, keyProperties, change.columns ?? [], change.identity);
    if (isDescribed && isDeepStrictEqual(now, layout)) return [];
    layout = now;
    isDescribed = true;
    const identity = now.every(({ isIdentity }) => isIdentity) ? 'f' : 'd';
    return [relation(id, schemaName, tableName, identity, now)];
  }

  function rowOf(given: readonly Wal2jsonColumn[], absent: Value): readonly Value[] {
    const values = new Map(given.map((column) => [column.name, textOf(column)]));
    return layout.map(({ name }) => (values.has(name) ? values.get(name) : absent));
  }

  /** The row before: all of it, or what identifies it. */
  function oldOf({ identity = [] }: Wal2jsonChange): Buffer {
    return tuple(identity.length === layout.length ? 'O' : 'K', rowOf(identity, null));
  }

  function hasOtherIdentity({ columns: given = [], identity = [] }: Wal2jsonChange): boolean {
    if (identity.length === 0) return false;
    if (identity.length === layout.length) return true;
    const values = new Map(given.map((column) => [column.name, textOf(column)]));
    return identity.some((column) => values.has(column.name) && values.get(column.name) !== textOf(column));
  }

  return (change: Wal2jsonChange): readonly Buffer[] => {
    const { action, columns: given = [] } = change;
    if (action === 'T') return [encode('T', int32(1), int8(0), int32(id))];
    const description = described(change);
    if (action === 'D') return [...description, encode('D', int32(id), oldOf(change))];
    const old = action === 'U' && hasOtherIdentity(change) ? [oldOf(change)] : [];
    const row = tuple('N', rowOf(given, action === 'I' ? null : undefined));
    return [...description, encode(action, int32(id), ...old, row)];
  };
}
