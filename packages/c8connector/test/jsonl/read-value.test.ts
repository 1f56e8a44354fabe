import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readString, readValue } from '../../src/jsonl/read-value.ts';
import { valueLine } from '../../src/jsonl/value-line.ts';
import { parseValue, stringifyValue } from '../../src/jsonl/values.ts';

const read = (text: string, most = Number.POSITIVE_INFINITY) => {
  const bytes = Buffer.from(`xx${text}yy`);
  return readValue(bytes, 2, bytes.length - 2, most);
};

describe('readValue', () => {
  test.each([
    '{"a":1.50,"b":[1,-0,1e400,12345678901234567890,true,false,null],"__proto__":{"c":{}}}',
    ' [ ] ',
    '\t{ "a" : [ 1 , { } ] , "b" : "" }\r\n',
    '{"a":1,"b":2,"a":3.0}',
    '{"2":"x","1":"y","\\u0061\\"":"\\ud83d","é":"😀"}',
    '"\\\\"',
    '17.00',
  ])('returns the same as parseValue for %s', (text) => {
    const value = read(text);
    expect(value).toStrictEqual(parseValue(text));
    expect(stringifyValue(value)).toBe(stringifyValue(parseValue(text)));
  });

  test('returns the same as parseValue for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        expect(read(text)).toStrictEqual(parseValue(text));
      }),
    );
  });

  test.each([
    ['[]', 1],
    ['[[],{}]', 3],
    ['{"a":{"b":null}}', 3],
    ['"a"', 1],
  ])('reads %s with a limit of %i values, but not with one less', (text, count) => {
    expect(read(text, count)).toEqual(JSON.parse(text));
    expect(read(text, count - 1)).toBe(undefined);
  });
});

describe('readString', () => {
  test.each(['""', '"é"', '"\\u00e9"', '"\\\\"', '"a\\n"'])('reads %s', (text) => {
    const bytes = Buffer.from(text);
    expect(readString(bytes, 0, bytes.length)).toBe(JSON.parse(text));
  });
});

describe('valueLine', () => {
  const line = (text: string) => Buffer.from(valueLine(parseValue(text))).toString();

  test('returns the bytes of stringifyValue and a newline, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const text = JSON.stringify(json);
        expect(line(text)).toBe(`${stringifyValue(parseValue(text))}\n`);
      }),
    );
  });

  test.each([
    ['pairs of surrogates', '😀'.repeat(100_000)],
    ['pairs of surrogates behind a character', `x${'😀'.repeat(100_000)}`],
    ['quotes', '"'.repeat(200_000)],
    ['letters', 'é'.repeat(200_000)],
  ])('does not change a long text of %s', (_, text) => {
    const json = JSON.stringify({ [text]: [text, 1.5] });
    expect(line(json) === `${json}\n`).toBe(true);
  });

  test('keeps every digit', () => {
    const text = '{"a":1.50,"b":[-0,1e400,12345678901234567890],"c":{}}';
    expect(line(text)).toBe(`${text}\n`);
  });
});
