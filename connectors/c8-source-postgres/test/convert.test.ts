import { expect, test } from 'vitest';
import { configOf, createDatabase, readLines } from './harness.ts';
import { binary, boolean, decimal, hstore, int, testTypes, text } from './type-table.ts';

const readValues = testTypes([
  [
    'boolean',
    boolean,
    [
      ['true', 'true'],
      ['false', 'false'],
      ['null', 'null'],
    ],
  ],
  [
    'bit(1)',
    boolean,
    [
      ["B'1'", 'true'],
      ["B'0'", 'false'],
    ],
  ],
  ['bit', boolean, [["B'1'", 'true']]],
  ['bit(4)', text, [["B'0101'", '"0101"']]],
  [
    'varbit(8)',
    text,
    [
      ["B'101'", '"101"'],
      ["B''", '""'],
    ],
  ],
  [
    'bytea',
    binary,
    [
      ["'\\xdeadbeef'", '"3q2+7w=="'],
      ["'\\x'", '""'],
      ["'\\x00ff10'", '"AP8Q"'],
      ["'\\xdeadbeef01'", '"3q2+7wE="'],
    ],
  ],
  [
    'hstore',
    hstore,
    [
      [`'"a"=>"1","b"=>NULL, "q\\"k"=>"NULL"'`, '{"a":"1","b":null,"q\\"k":"NULL"}'],
      ["''", '{}'],
    ],
  ],
  ['positive', int, [['7', '7']]],
  ['share', decimal(5, 2), [['1.5', '1.50']]],
]);

test('with decimals as text, hstore is a string of JSON', async () => {
  const { json } = await readValues('hstore', [`'"a"=>"x\\"y"'`], { exact: 'text' });
  expect(json).toBe(String.raw`"{\"a\":\"x\\\"y\"}"`);
});

test('generated columns are read like other columns of their type', async () => {
  const database = await createDatabase(`create table generated (id int, twice int generated always as (id * 2) stored);
    insert into generated values (4)`);
  expect(await readLines(configOf(database), 'public-generated')).toEqual(['{"id":4,"twice":8}']);
});
