import { describe, expect, test } from 'vitest';
import { Batch, isC8Error, type StreamSchema, type ValueSchema } from '../../../src/index.ts';

function batchOf(column: ValueSchema, ...jsons: readonly string[]): Batch {
  const schema: StreamSchema = { type: 'object', properties: { id: { type: 'integer' }, x: column } };
  const text = jsons.map((json, id) => (json === '' ? `{"id":${id}}\n` : `{"id":${id},"x":${json}}\n`)).join('');
  const header = { stream: 's', schema, extractedAt: '2030-01-01T00:00:00.000000Z', exact: 'number' } as const;
  return Batch.ofLines(header, new TextEncoder().encode(text), jsons.length);
}

/** What a value is once it stood in a column: its JSON in the lines that are made of the columns again; what it was refused with otherwise. */
function through(column: ValueSchema, json: string): string {
  const batch = batchOf(column, json);
  try {
    const columns = batch.columns(['id']);
    const { stream, schema, extractedAt } = batch;
    const header = { stream, schema, extractedAt, exact: 'number' } as const;
    const line = new TextDecoder().decode(Batch.ofColumns(header, columns, batch.count).lines());
    return /"x":(.*)}\n$/.exec(line)?.[1] ?? line;
  } catch (error) {
    if (isC8Error(error) && error.code === 'value_unstorable') return 'refused';
    throw error;
  }
}

const integer = { type: 'integer' };
const small = { type: 'integer', minimum: -32768, maximum: 32767 };
const medium = { type: 'integer', minimum: -2147483648, maximum: 2147483647 };
const unsigned = { type: 'integer', minimum: 0, maximum: '18446744073709551615' };
const price = { type: 'number', 'x-c8-type': 'numeric(10,2)' };
const long = { type: 'number', 'x-c8-type': 'numeric(38,10)' };
const double = { type: 'number' };
const real = { type: 'number', 'x-c8-type': 'real' };
const text = { type: 'string' };
const date = { type: 'string', format: 'date' };
const moment = { type: 'string', format: 'date-time' };
const json = { 'x-c8-type': 'json' };
const bytes = { type: 'string', contentEncoding: 'base64' };
const numeric = { type: 'number', 'x-c8-type': 'numeric' };
const flags = { type: 'boolean' };
const list = { type: 'array', items: { type: ['integer', 'null'] } };
const lists = { type: 'array', items: { type: ['array', 'null'], items: { type: ['string', 'null'] } } };

const same = Symbol('the same');

describe('a value that its column can store is read back unchanged, and any other is refused', () => {
  test.each<[ValueSchema, string, string | typeof same]>([
    [integer, '0', same],
    [integer, '-1', same],
    [integer, '9223372036854775807', same],
    [integer, '-9223372036854775808', same],
    [integer, '4294967295', same],
    [integer, '-4294967296', same],
    [integer, '999999999999999999', same],
    [integer, '-999999999999999999', same],
    [integer, '9223372036854775808', 'refused'],
    [integer, '1.0', '1'],
    [integer, '1e3', '1000'],
    [integer, '1.5', 'refused'],
    [integer, '"17"', '17'],
    [integer, '"x"', 'refused'],
    [integer, 'true', 'refused'],
    [integer, '[1]', 'refused'],
    [integer, '{}', 'refused'],
    [integer, 'null', same],
    [integer, '', 'null'],
    [small, '-32768', same],
    [small, '32767', same],
    [small, '32768', 'refused'],
    [medium, '2147483647', same],
    [medium, '2147483648', 'refused'],
    [small, '-0', '0'],
    [unsigned, '18446744073709551615', same],
    [unsigned, '100000000000000000000', 'refused'],
    [price, '12.50', same],
    [price, '-0.01', same],
    [price, '12.5', '12.50'],
    [price, '12', '12.00'],
    [price, '12.500', '12.50'],
    [price, '12.501', 'refused'],
    [price, '99999999.99', same],
    [price, '100000000.00', 'refused'],
    [price, '1e2', '100.00'],
    [price, '1e-3', 'refused'],
    [price, '"3.25"', '3.25'],
    [price, '-0.00', '0.00'],
    [long, '1234567890123456789012345678.1234567890', same],
    [long, '-1234567890123456789012345678.1234567890', same],
    [long, '12345678901234567890123456789.1', 'refused'],
    [long, '0.00000000001', 'refused'],
    [double, '0.1', same],
    [double, '1e308', '1e+308'],
    [double, '5e-324', same],
    [double, '0.30000000000000004', same],
    [double, '9007199254740992', same],
    [double, '9007199254740993', 'refused'],
    [double, '0.1234567890123456789', 'refused'],
    [double, '1e400', 'refused'],
    [double, '1.10', '1.1'],
    [double, '1e-400', 'refused'],
    [double, '3e-324', 'refused'],
    [double, '0e-400', '0'],
    [real, '1e-50', 'refused'],
    [real, '2e-45', 'refused'],
    [real, '-0.0', '-0'],
    [double, '-0.0', '-0'],
    [double, '123456789012345680000', same],
    [real, '0.1', same],
    [real, '16777217', 'refused'],
    [real, '3.4028235e38', '3.4028235e+38'],
    [real, '1e39', 'refused'],
    [real, '0.123456789', 'refused'],
    [text, '"a\\"b\\\\\\n\\u00e9\\ud83d\\ude00"', '"a\\"b\\\\\\né😀"'],
    [text, '"\\ud800"', 'refused'],
    [text, '"\\udc00\\ud800"', 'refused'],
    [text, '1.10', '"1.10"'],
    [text, '{"a":1.10}', '"{\\"a\\":1.10}"'],
    [text, '""', same],
    [date, '"2024-02-29"', same],
    [date, '"2023-02-29"', 'refused'],
    [date, '"0001-01-01"', same],
    [date, '"9999-12-31"', same],
    [date, '"2024-02-29T00:00:00Z"', '"2024-02-29"'],
    [date, '"2024-02-29T00:00:01Z"', 'refused'],
    [date, '20240229', 'refused'],
    [moment, '"2023-04-05T06:07:08.123456+00:00"', same],
    [moment, '"2023-04-05T06:07:08+02:00"', '"2023-04-05T04:07:08+00:00"'],
    [moment, '"2023-04-05t06:07:08z"', '"2023-04-05T06:07:08+00:00"'],
    [moment, '"2023-04-05 06:07:08 +05:30"', '"2023-04-05T00:37:08+00:00"'],
    [moment, '"1969-12-31T23:59:59.999999Z"', '"1969-12-31T23:59:59.999999+00:00"'],
    [moment, '"0001-01-01T00:00:00Z"', '"0001-01-01T00:00:00+00:00"'],
    [moment, '"9999-12-31T23:59:59.999999Z"', '"9999-12-31T23:59:59.999999+00:00"'],
    [moment, '"2023-04-05T06:07:08.1234567Z"', 'refused'],
    [moment, '"2023-04-05T06:07:08.1234560Z"', '"2023-04-05T06:07:08.123456+00:00"'],
    [moment, '"2023-04-05T24:00:00Z"', 'refused'],
    [moment, '"2023-04-05T06:60:00Z"', 'refused'],
    [moment, '"10000-01-01T00:00:00Z"', 'refused'],
    [moment, '"0000-01-01T00:00:00Z"', 'refused'],
    [moment, '"2023-04-05"', '"2023-04-05T00:00:00+00:00"'],
    [moment, '"2023-04-05T06:07"', '"2023-04-05T06:07:00+00:00"'],
    [moment, '"2023-04-05T06:07:08+0200"', '"2023-04-05T04:07:08+00:00"'],
    [moment, '"2023-04-05T06:07:08."', 'refused'],
    [json, '{"a":[1.10,"\\ud800"]}', '{"a":[1.10,"\ufffd"]}'],
    [json, '"text"', same],
    [bytes, '"AAEC/w=="', same],
    [bytes, '"AAE"', '"AAE="'],
    [bytes, '"A"', 'refused'],
    [bytes, '"====="', 'refused'],
    [bytes, '""', same],
    [numeric, '123456789012345678901234567890123456789012.10', same],
    [flags, 'true', same],
    [flags, '"false"', 'false'],
    [flags, '1', 'refused'],
    [list, '[1,null,3]', same],
    [list, '[]', same],
    [list, '[[1]]', 'refused'],
    [list, '[1.5]', 'refused'],
    [list, '1', 'refused'],
    [lists, '[["a",null],null,[]]', same],
    [lists, '["a"]', 'refused'],
  ])('%j %s', (column, value, expected) => {
    expect(through(column, value)).toBe(expected === same ? value : expected);
  });
});

test('a value that its column cannot hold is named with stream, key, column and reason', () => {
  const batch = batchOf({ type: 'integer' }, '1', '"seven"');
  expect(() => batch.columns(['id'])).toThrow(
    'Stream s: the column "x" of the row id=1 has "seven", which is not an integer of 64 bits.',
  );
});

describe('which columns a row lacks', () => {
  const names = ['id', 'a', 'b', 'Ünïcode "c"'];
  const schema: StreamSchema = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, text])) };
  const header = { stream: 's', schema, extractedAt: '2030-01-01T00:00:00.000000Z', exact: 'number' } as const;
  const batchOfRows = (rows: readonly Record<string, string | null>[]) => {
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    return Batch.ofLines(header, new TextEncoder().encode(lines), rows.length);
  };

  test('is reported for each row, and null is not absent', () => {
    // Each subset of the columns, with and without values.
    const rows = Array.from({ length: 2 ** names.length }, (_, bits) =>
      Object.fromEntries(names.filter((_, index) => bits & (1 << index)).map((name) => [name, bits % 3 ? 'x' : null])),
    );
    const absent = batchOfRows(rows).absentColumns();
    const lists: StreamSchema = { type: 'object', properties: { absent: { type: 'array', items: text } } };
    const found = absent && Batch.ofColumns({ ...header, schema: lists }, [absent], rows.length).rows();
    expect(found).toEqual(rows.map((row) => ({ absent: names.filter((name) => !(name in row)) })));
  });

  test('is undefined if no row lacks any, and for typed arrays', () => {
    const batch = batchOfRows([{ id: '1', a: null, b: '', 'Ünïcode "c"': 'x' }]);
    expect(batch.absentColumns()).toBeUndefined();
    expect(Batch.ofColumns(header, batch.columns(), 1).absentColumns()).toBeUndefined();
  });
});
