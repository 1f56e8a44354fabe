import { expect, test } from 'vitest';
import { byId, countedRows, table } from '../../hand-written.ts';
import { findings } from '../broken-source.ts';

test('37 finds a row that is repeated on the next page', async () => {
  const rows = [...countedRows(1, 5), ...countedRows(5, 9)];
  expect(await findings(37, { tables: { numbers: { ...byId, rows } } })).toEqual([
    expect.stringContaining(
      "expected: stream 'numbers': each key once\n  found: record 6 has the key of record 5: [5]",
    ),
  ]);
});

test('37 finds a key that is null', async () => {
  const rows = [...countedRows(1, 3), { id: null, name: 'nobody' }];
  expect(await findings(37, { tables: { numbers: { ...byId, rows } } })).toEqual([
    expect.stringContaining("record 4 of 'numbers' with its key 'id'"),
  ]);
});

test('37 takes the columns of a key together', async () => {
  const rows = [
    { id: 1, size: 1 },
    { id: 1, size: 2 },
  ];
  expect(await findings(37, { tables: { pairs: table({ keyProperties: ['id', 'size'], rows }) } })).toEqual([]);
});
