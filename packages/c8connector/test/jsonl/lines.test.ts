import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamSchema } from '../../src/interface/stream.ts';
import { Decimal, type Row, type Value } from '../../src/interface/value.ts';
import { encodeRows } from '../../src/jsonl/encode-row.ts';
import { rowsOfLines, withExactness } from '../../src/jsonl/lines.ts';
import { numberOf } from '../../src/jsonl/values.ts';

const schema: StreamSchema = {
  properties: {
    id: { type: 'integer' },
    amount: { type: ['number', 'null'], 'x-c8-type': 'numeric(10,2)' },
    document: { 'x-c8-type': 'json' },
    amounts: { type: 'array', items: { type: 'number', multipleOf: 0.01 } },
    documents: { type: 'array', items: { 'x-c8-type': 'json' } },
    quoted: { type: 'string', format: 'singer.decimal' },
    text: { type: 'string' },
  },
};

const convert = (line: string, exact: 'number' | 'text') =>
  Buffer.from(withExactness(Buffer.from(`${line}\n`), schema, exact))
    .toString()
    .trimEnd();
const row = (line: string, exact: 'number' | 'text') => rowsOfLines(Buffer.from(`${line}\n`), schema, exact)[0];

describe('withExactness', () => {
  it.each([
    ['{"amount":17.00}', '{"amount":"17.00"}'],
    ['{"id":1,"amount":null,"text":"x"}', '{"id":1,"amount":null,"text":"x"}'],
    ['{"amount": -1E400 , "text" : "a"}', '{"amount": "-1E400" , "text" : "a"}'],
    ['{"amount":"NaN"}', '{"amount":"NaN"}'],
    ['{"amounts":[1.50,null,[2.00],[]]}', '{"amounts":["1.50",null,["2.00"],[]]}'],
    ['{"amounts":3.00}', '{"amounts":"3.00"}'],
    ['{"document":{"a":3.50,"b":"x\\"y\\\\"}}', '{"document":"{\\"a\\":3.50,\\"b\\":\\"x\\\\\\"y\\\\\\\\\\"}"}'],
    ['{"document":"null"}', '{"document":"\\"null\\""}'],
    ['{"document":null}', '{"document":null}'],
    ['{"document":true}', '{"document":"true"}'],
    ['{"documents":[{"a":[1.0]},null,[2.0]]}', '{"documents":["{\\"a\\":[1.0]}",null,"[2.0]"]}'],
    ['{"quoted":"1.50"}', '{"quoted":"1.50"}'],
    ['{}', '{}'],
  ])('writes %s as texts and back', (number, text) => {
    expect(convert(number, 'text')).toBe(text);
    expect(convert(text, 'number')).toBe(number);
  });

  it('keeps a text that is not JSON, and removes line breaks from one that is', () => {
    expect(convert('{"document":"not json"}', 'number')).toBe('{"document":"not json"}');
    expect(convert('{"document":"{\\"a\\":\\n1,\\r\\n\\"b\\":\\"\\\\n\\"}"}', 'number')).toBe(
      '{"document":{"a": 1,  "b":"\\n"}}',
    );
  });

  it('returns the lines themselves when no column is exact', () => {
    const lines = Buffer.from('{"id":1}\n');
    expect(withExactness(lines, { properties: { id: { type: 'integer' } } }, 'text')).toBe(lines);
  });

  it('names the position where lines are not JSON', () => {
    expect(() => convert('{"id":1}\n{"id":x}', 'text')).toThrow(
      expect.objectContaining({ code: 'contract_broken', message: expect.stringContaining('byte 15') }),
    );
    expect(() => convert('{"id":1', 'text')).toThrow(expect.objectContaining({ code: 'contract_broken' }));
  });
});

describe('rowsOfLines', () => {
  it('reads values with all their digits, in either exactness', () => {
    const values = {
      id: 9223372036854775807n,
      amount: new Decimal('17.00'),
      document: { a: [new Decimal('2.0'), null] },
      text: 'é\n',
    };
    expect(
      row('{"id":9223372036854775807,"amount":17.00,"document":{"a":[2.0,null]},"text":"é\\n"}', 'number'),
    ).toEqual(values);
    expect(
      row('{"id":9223372036854775807,"amount":"17.00","document":"{\\"a\\":[2.0,null]}","text":"\\u00e9\\n"}', 'text'),
    ).toEqual(values);
  });

  it('reads decimals that are written as texts, by their schema', () => {
    for (const exact of ['number', 'text'] as const)
      expect(row('{"quoted":"1.50"}', exact)).toEqual({ quoted: new Decimal('1.50') });
  });

  it('distinguishes absent from null', () => {
    expect(row('{"text":null}', 'number')).toEqual({ text: null });
    expect(row('{}', 'number')).toEqual({});
  });

  it('reads every column of a schema that names none and allows any', () => {
    const free: StreamSchema = { properties: {}, additionalProperties: true };
    expect(rowsOfLines(Buffer.from('{"b":1,"a":2.0}\n{"c":[1]}\n'), free, 'number')).toEqual([
      { b: 1, a: new Decimal('2.0') },
      { c: [1] },
    ]);
  });
});

const number = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?$/).map(numberOf),
  fc.integer(),
);
const json: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.string({ unit: 'grapheme' }),
    number,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
  ),
})).value;
const rows: fc.Arbitrary<Row[]> = fc.array(
  fc.record(
    {
      id: fc.oneof(fc.integer(), fc.bigInt({ min: 2n ** 53n })),
      amount: fc.option(number),
      document: json,
      amounts: fc.array(fc.oneof(number, fc.constant(null), fc.array(number))),
      documents: fc.array(json),
      text: fc.string({ unit: 'binary' }).map((text) => text.replace(/\p{Surrogate}/gu, '')),
    },
    { requiredKeys: [] },
  ),
);

describe('lines and rows', () => {
  it('are equal byte for byte after lines were turned into rows and back', () => {
    fc.assert(
      fc.property(rows, (all) => {
        for (const exact of ['number', 'text'] as const) {
          const lines = encodeRows(all, schema, exact);
          expect(encodeRows(rowsOfLines(lines, schema, exact), schema, exact)).toEqual(lines);
        }
      }),
    );
  });

  it('are the same whether rows are written exact, or lines are made exact', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const number = encodeRows(all, schema, 'number');
        const text = encodeRows(all, schema, 'text');
        expect(Buffer.from(withExactness(number, schema, 'text')).toString()).toBe(text.toString());
        expect(Buffer.from(withExactness(text, schema, 'number')).toString()).toBe(number.toString());
      }),
    );
  });
});
