import { describe, expect, test } from 'vitest';
import type { SubMicroseconds } from '../../../src/interface/columns.ts';
import type { StreamSchema } from '../../../src/interface/stream.ts';
import type { Row } from '../../../src/interface/value.ts';
import { Batch } from '../../../src/jsonl/batch.ts';
import { rowsOfColumns } from '../../../src/jsonl/columns/rows-of-columns.ts';

const moment = { type: ['null', 'string'], format: 'date-time' };
const schema: StreamSchema = {
  properties: {
    id: { type: 'integer' },
    at: moment,
    wall: { ...moment, 'x-c8-type': 'timestamp' },
    list: { type: 'array', items: moment },
  },
};
const header = { stream: 's', schema, extractedAt: '2026-01-01T00:00:00.000000Z', exact: 'text' } as const;

function rowWith(time: string): Row {
  return { id: 7, at: `${time}Z`, wall: time, list: [null, `${time}+00:00`] };
}

const faces: readonly (readonly [string, (row: Row) => Batch])[] = [
  ['rows', (row) => Batch.ofRows(header, [row])],
  ['lines', (row) => Batch.ofLines(header, Buffer.from(`${JSON.stringify(row)}\n`), 1)],
  ['lines of the other exactness', (row) => Batch.ofRows({ ...header, exact: 'number' }, [row]).with('text')],
];

describe.each(faces)('a moment that is finer than a microsecond, in a column made of %s,', (_, batchOf) => {
  const stored = (time: string, policy: SubMicroseconds) =>
    rowsOfColumns(batchOf(rowWith(time)).columns(['id'], policy), 1, schema)[0];

  test.each([
    ['truncate', '2020-01-01T00:00:00.1234567', '2020-01-01T00:00:00.123456'],
    ['truncate', '9999-12-31T23:59:59.999999999', '9999-12-31T23:59:59.999999'],
    ['truncate', '1969-12-31T23:59:59.9999999', '1969-12-31T23:59:59.999999'],
    ['round', '2020-01-01T00:00:00.1234567', '2020-01-01T00:00:00.123457'],
    ['round', '2020-12-31T23:59:59.9999995', '2021-01-01T00:00:00'],
    ['round', '1969-12-31T23:59:59.9999994', '1969-12-31T23:59:59.999999'],
    ['fail', '2020-01-01T00:00:00.123456000', '2020-01-01T00:00:00.123456'],
  ] as const)('with %s: %s becomes %s', (policy, time, expected) => {
    const text = `${expected}+00:00`;
    expect(stored(time, policy)).toEqual({ id: 7, at: text, wall: text, list: [null, text] });
  });

  test.each([
    ['fail', '2020-01-01T00:00:00.1234567'],
    [undefined, '2020-01-01T00:00:00.1234567'],
    ['round', '9999-12-31T23:59:59.9999999'],
  ] as const)('with %s: %s is refused, with the setting that would take it', (policy, time) => {
    expect(() => batchOf(rowWith(time)).columns(['id'], policy)).toThrow(
      expect.objectContaining({
        code: 'value_unstorable',
        details: { stream: 's', column: 'at', key: 'id=7' },
        remedy: expect.stringContaining('sub_microseconds'),
      }),
    );
  });
});
