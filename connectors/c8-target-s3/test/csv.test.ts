import { Batch, stringifyValue } from 'c8connector';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../c8_target_s3/csv.ts';
import { integer, list, number, string } from './column-schemas.ts';
import { type Columns, records, schemaOf } from './harness.ts';
import { readCsv } from './read-csv.ts';

interface Options {
  readonly escapesFormulas?: boolean;
  readonly keys?: readonly string[];
}

/** The text of one object. */
function textOf(
  columns: Columns,
  lines: readonly string[],
  { escapesFormulas = false, keys = [] }: Options = {},
): string {
  const message = schemaOf('orders', columns, keys);
  const file = {
    stream: 'orders',
    folder: 'orders',
    schema: message.schema,
    keyProperties: keys,
    version: undefined,
    path: '',
    rows: lines.length,
    bytes: 0,
  };
  return Buffer.from(csv({ escapesFormulas }).encode(file, records(message, lines), true)).toString();
}

const types = {
  flag: { type: ['null', 'boolean'] },
  whole: integer(),
  exact: number('numeric(40,2)'),
  any: number('numeric'),
  double: { type: ['null', 'number'] },
  text: string(),
  day: string({ format: 'date' }),
  bytes: string({ contentEncoding: 'base64' }),
  json: { 'x-c8-type': 'json' },
  object: { type: ['null', 'object'] },
  list: list(string()),
} satisfies Columns;

/** Parts of cells that are difficult for readers. */
const oddText = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', ',', '\r', '\n', '\r\n', '\ufeff', ' ', '\t', ';', '\\', "'", '=', '\0', '\u2028'),
      fc.string({ unit: 'grapheme' }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const json = fc
  .jsonValue()
  .map((value) => JSON.stringify(value))
  .filter((text) => text !== 'null');

/** For each type: the JSON of a value in a line, and the text of its cell. */
const values: Readonly<Record<keyof typeof types, fc.Arbitrary<{ readonly json: string; readonly cell: string }>>> = {
  flag: fc.boolean().map((flag) => ({ json: `${flag}`, cell: `${flag}` })),
  whole: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((whole) => ({ json: `${whole}`, cell: `${whole}` })),
  exact: fc.bigInt({ min: 0n, max: 10n ** 38n }).map((digits) => ({ json: `"${digits}.50"`, cell: `${digits}.50` })),
  any: fc.constantFrom('0.10', '-1E+400', 'NaN').map((cell) => ({ json: `"${cell}"`, cell })),
  double: fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((double) => ({ json: `${double}`, cell: `${double}` })),
  text: oddText.map((text) => ({ json: JSON.stringify(text), cell: text })),
  day: fc.constantFrom('2024-02-29', '0044-03-15 BC').map((cell) => ({ json: JSON.stringify(cell), cell })),
  bytes: fc
    .uint8Array()
    .map((bytes) => Buffer.from(bytes).toString('base64'))
    .map((cell) => ({ json: `"${cell}"`, cell })),
  json: json.map((cell) => ({ json: JSON.stringify(cell), cell })),
  object: fc
    .dictionary(fc.string(), json)
    .map((object) => JSON.stringify(object))
    .map((cell) => ({ json: JSON.stringify(cell), cell })),
  list: fc
    .array(oddText)
    .map((items) => JSON.stringify(items))
    .map((cell) => ({ json: cell, cell })),
};
const row = fc.record(
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fc.option(value, { nil: null })])),
  { requiredKeys: [] },
);

describe('CSV', () => {
  it('writes each value of each type as its text, null as nothing, and an empty text as a text', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        const lines = rows.map((each) => {
          const members = Object.keys(types).flatMap((name) => {
            const value = each[name];
            return value === undefined ? [] : [`${JSON.stringify(name)}:${value?.json ?? 'null'}`];
          });
          return `{${members.join(',')}}`;
        });
        expect(readCsv(textOf(types, lines))).toEqual([
          Object.keys(types),
          ...rows.map((each) => Object.keys(types).map((name) => each[name]?.cell ?? null)),
        ]);
      }),
    );
  });

  it('distinguishes null from an empty text', () => {
    expect(textOf({ a: string(), b: string() }, ['{"a":null,"b":""}', '{}'])).toBe('a,b\r\n,""\r\n,\r\n');
  });

  it('quotes only the values that need it', () => {
    expect(
      textOf({ id: integer(), name: string(), ok: { type: 'boolean' } }, ['{"id":-1,"name":"Zoë; it\'s","ok":true}']),
    ).toBe("id,name,ok\r\n-1,Zoë; it's,true\r\n");
  });

  it('has a header with names that contain quotes, commas and line breaks, or are empty', () => {
    const names = ['a,b', 'say "x"', 'two\nlines', '', '\ufeffmark', '__proto__'];
    const columns = Object.fromEntries(names.map((name) => [name, integer()]));
    const [header] = readCsv(textOf(columns, ['{}']));
    expect(header?.map((name) => name ?? '')).toEqual(names);
  });

  it('begins with no byte order mark, whatever the first column is called', () => {
    expect(textOf({ '\ufeffid': integer() }, ['{}']).startsWith('"\ufeffid"')).toBe(true);
  });

  it('accepts lines as other programs write them: with blanks, escaped keys and missing columns', () => {
    const columns = { id: integer(), note: string(), last: integer() };
    expect(textOf(columns, ['{ "\\u0069d" : 1 ,\r"note":"\\u00e9\\/" }', '{"last":3}'])).toBe(
      'id,note,last\r\n1,é/,\r\n,,3\r\n',
    );
  });

  it('has the whole rows of a schema without columns in one column', () => {
    expect(readCsv(textOf({}, ['{"a":3.50}', '{}']))).toEqual([['_record'], ['{"a":3.50}'], ['{}']]);
  });

  it('names the columns that a change does not contain', () => {
    const columns = { id: integer(), 'a"b': string(), note: string(), _sdc_sequence: integer() };
    expect(
      readCsv(textOf(columns, ['{"id":1,"_sdc_sequence":7}', '{"id":1,"a\\"b":null,"note":"x","_sdc_sequence":8}'])),
    ).toEqual([
      ['id', 'a"b', 'note', '_sdc_sequence', '_sdc_unchanged'],
      ['1', null, null, '7', '["a\\"b","note"]'],
      ['1', null, 'x', '8', '[]'],
    ]);
  });

  it('refuses half of a surrogate pair, and names the row', () => {
    expect(() => textOf({ id: integer(), note: string() }, ['{"id":7,"note":"\\ud800"}'], { keys: ['id'] })).toThrow(
      /Stream orders: the column "note" of the row id=7 has "\\ud800", which is not valid text: it contains half of a surrogate pair/,
    );
  });

  it('accepts rows as objects too', () => {
    const message = schemaOf('orders', { id: integer(), tags: list(string()) });
    const batch = Batch.ofRows(
      { stream: 'orders', schema: message.schema, extractedAt: '2026-01-01T00:00:00Z', exact: 'number' },
      [{ id: 12345678901234567890n, tags: ['a', 'b"c'] }],
    );
    const file = {
      stream: 'orders',
      folder: 'orders',
      schema: message.schema,
      keyProperties: [],
      version: 1,
      path: '',
      rows: 1,
      bytes: 0,
    };
    const text = Buffer.from(csv({ escapesFormulas: false }).encode(file, batch, false)).toString();
    expect(readCsv(text)).toEqual([['12345678901234567890', stringifyValue(['a', 'b"c'])]]);
  });
});

describe('Formulas in CSV', () => {
  const formulas = ['=1+1', '+A1', '-A1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '-1+1', '="x"'];
  const lines = formulas.map((text) => JSON.stringify({ a: text }));

  it('are texts, unchanged, by default', () => {
    expect(readCsv(textOf({ a: string() }, lines)).slice(1)).toEqual(formulas.map((text) => [text]));
  });

  it('become texts on request, while numbers and other values are not changed', () => {
    const others = ['-1', '+1.5', '-1.5E-10', 'a=1', '', '-0'];
    const all = [...lines, ...others.map((text) => JSON.stringify({ a: text }))];
    expect(readCsv(textOf({ a: string() }, all, { escapesFormulas: true })).slice(1)).toEqual([
      ...formulas.map((text) => [`'${text}`]),
      ...others.map((text) => [text]),
    ]);
    expect(textOf({ n: integer() }, ['{"n":-5}'], { escapesFormulas: true })).toBe('n\r\n-5\r\n');
  });
});
