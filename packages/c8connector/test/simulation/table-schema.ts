import type { Stream, StreamSchema } from '../../src/index.ts';
import type { Database, TableKind } from './database.ts';

/** The streams that there are now. */
export function streamsOf(database: Database): readonly Stream[] {
  return [...database.tables.values()].map(({ id, kind, hasExtraColumn }) => ({
    id,
    schema: schemaOf(kind.method, hasExtraColumn),
    keyProperties: ['id'],
    replication: {
      methods: [kind.method],
      ...(kind.method === 'INCREMENTAL' ? { keys: ['at'], isSorted: kind.isSorted === true } : {}),
    },
  }));
}

/** The columns of a table. */
export function schemaOf(method: TableKind['method'], hasExtraColumn: boolean): StreamSchema {
  const note = method === 'LOG_BASED' ? { note: { type: 'integer' } } : {};
  const extra = hasExtraColumn ? { extra: { type: ['integer', 'null'] } } : {};
  return {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      at: { type: ['string', 'null'], format: 'date-time' },
      value: { type: 'integer' },
      ...note,
      ...extra,
    },
  };
}
