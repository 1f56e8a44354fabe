import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamSchema } from '../../src/interface/stream.ts';
import { Decimal, type Row } from '../../src/interface/value.ts';
import { encodeRows } from '../../src/jsonl/encode-row.ts';
import { parseValue } from '../../src/jsonl/values.ts';

const schema: StreamSchema = {
  properties: {
    id: { type: 'integer' },
    amount: { type: ['number', 'null'], 'x-c8-type': 'numeric(10,2)' },
    document: { 'x-c8-type': 'json' },
    amounts: { type: 'array', items: { type: 'number', multipleOf: 0.01 } },
    text: { type: 'string' },
  },
};

const encode = (row: Readonly<Record<string, unknown>>, exact: 'number' | 'text' = 'number') =>
  Buffer.from(encodeRows([row as Row], schema, exact)).toString();

describe('encodeRows', () => {
  it('writes the columns of the schema in its order, and nothing else', () => {
    expect(encode({ text: 'a', extra: 1, id: 2 })).toBe('{"id":2,"text":"a"}\n');
  });

  it('leaves out what is undefined, and keeps null', () => {
    expect(encode({ id: undefined, text: null })).toBe('{"text":null}\n');
    expect(encode({})).toBe('{}\n');
  });

  it('writes all digits', () => {
    expect(encode({ id: 9223372036854775807n, amount: new Decimal('1234.50') })).toBe(
      '{"id":9223372036854775807,"amount":1234.50}\n',
    );
  });

  it('treats a decimal that a driver returned as text as a number', () => {
    expect(encode({ amount: '12.50' })).toBe('{"amount":12.50}\n');
    expect(encode({ amount: 'NaN', text: '12.50' })).toBe('{"amount":"NaN","text":"12.50"}\n');
  });

  it('writes exact columns as texts on request', () => {
    const row = {
      id: 1,
      amount: new Decimal('1.50'),
      document: { a: [new Decimal('2.00'), 'x"y'] },
      amounts: [1, null, [new Decimal('3.10')]],
      text: 't',
    };
    expect(encode(row, 'text')).toBe(
      '{"id":1,"amount":"1.50","document":"{\\"a\\":[2.00,\\"x\\\\\\"y\\"]}","amounts":["1",null,["3.10"]],"text":"t"}\n',
    );
  });

  it('keeps null apart from the text null', () => {
    expect(encode({ document: null }, 'text')).toBe('{"document":null}\n');
    expect(encode({ document: 'null' }, 'text')).toBe('{"document":"\\"null\\""}\n');
  });

  it('writes values for which JSON has no form', () => {
    expect(encode({ text: new Date(0) })).toBe('{"text":"1970-01-01T00:00:00.000Z"}\n');
    expect(encode({ text: Buffer.from('hi') })).toBe('{"text":"aGk="}\n');
    expect(encode({ id: Number.NaN, amount: Number.POSITIVE_INFINITY, text: new Date(Number.NaN) })).toBe(
      '{"id":null,"amount":null,"text":null}\n',
    );
    expect(encode({ text: [undefined, () => 1] })).toBe('{"text":[null,null]}\n');
  });

  it('replaces half of a surrogate pair, and keeps a whole one', () => {
    expect(encode({ text: 'a\ud800b\ud83d\ude00' })).toBe('{"text":"a\ufffdb\ud83d\ude00"}\n');
  });

  it('is not misled by columns that every object inherits', () => {
    const inherited: StreamSchema = {
      properties: { constructor: { type: 'string' }, toString: { type: 'string' }, ['__proto__']: { type: 'string' } },
    };
    expect(Buffer.from(encodeRows([{}], inherited, 'number')).toString()).toBe('{}\n');
    expect(Buffer.from(encodeRows([{ constructor: 'a' }], inherited, 'number')).toString()).toBe(
      '{"constructor":"a"}\n',
    );
  });

  it('writes any text so that it reads back equal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseValue(encode({ text }))).toEqual({ text: text.replace(/\p{Surrogate}/gu, '\ufffd') });
      }),
    );
  });

  it('writes many rows', () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'é'.repeat(id % 50) }));
    const lines = Buffer.from(encodeRows(rows, schema, 'number')).toString();
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(rows);
  });
});
