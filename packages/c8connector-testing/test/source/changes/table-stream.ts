import type { StreamSchema } from 'c8connector';

/** The stream of a table, with its key and how it can be read. */
export type TableStream = ReturnType<typeof streamOf>;

export function streamOf(id: string, columns: readonly string[]) {
  const others = columns.filter((column) => column !== 'id').map((column) => [column, { type: ['string', 'null'] }]);
  const schema: StreamSchema = {
    type: 'object',
    properties: { id: { type: 'integer' }, ...Object.fromEntries(others) },
  };
  return { id, schema, keyProperties: ['id'], replication: { methods: ['LOG_BASED', 'FULL_TABLE'] as const } };
}
