import type { Row } from 'c8connector';
import type { Table } from '../../c8connector/test/fixtures/hand-written-source.ts';

const properties = {
  id: { type: 'integer' },
  at: { type: 'string', format: 'date-time' },
  name: { type: ['null', 'string'] },
  size: { type: ['null', 'integer'] },
};

/** Rows in the order of `id` and of `at`. */
export function* countedRows(from = 1, to = Number.POSITIVE_INFINITY): Generator<Row> {
  for (let id = from; id <= to; id++) {
    const minute = String(id % 60).padStart(2, '0');
    const hour = String(Math.floor(id / 60) % 24).padStart(2, '0');
    yield { id, at: `2024-01-01T${hour}:${minute}:00+00:00`, name: `name ${id}`, size: id % 7 === 0 ? null : id * 10 };
  }
}

/** Eleven rows of a table that is read by `id`. */
export const byId: Table = {
  schema: { type: 'object', properties },
  keyProperties: ['id'],
  replicationKey: 'id',
  rows: [...countedRows(1, 11)],
};

/** A table of the same columns. */
export function table(given: Partial<Table>): Table {
  return { schema: { type: 'object', properties }, rows: [...countedRows(1, 11)], ...given };
}

/** Rows without an end, about a megabyte in ten thousand. */
export const endless: Table = table({ keyProperties: ['id'], rows: () => countedRows() });
