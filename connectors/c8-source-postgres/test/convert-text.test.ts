import { describe, expect, test } from 'vitest';
import { json, testTypes, text } from './type-table.ts';

const readValues = testTypes([
  [
    'text',
    text,
    [
      [
        String.raw`E'caf\u00e9 \u2603 "q" \n\t\\\r\b\f\u0001\u007f'`,
        '"café ☃ \\"q\\" \\n\\t\\\\\\r\\b\\f\\u0001\u007f"',
      ],
      ["'\\N'", '"\\\\N"'],
      ["'😀\u2028'", '"😀\u2028"'],
      ["''", '""'],
      ['null', 'null'],
      [String.raw`E'\v'`, '"\\u000b"'],
    ],
  ],
  ['citext', text, [["'CiText'", '"CiText"']]],
  ['name', text, [["'nm'", '"nm"']]],
  ['"char"', text, [["'x'", '"x"']]],
  ['char(5)', { ...text, maxLength: 5 }, [["'ab'", '"ab   "']]],
  ['varchar(20)', { ...text, maxLength: 20 }, [["'ab '", '"ab "']]],
  ['varchar', text, [["'ab'", '"ab"']]],
  [
    'uuid',
    { ...text, format: 'uuid' },
    [["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", '"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"']],
  ],
  [
    'json',
    json,
    [
      [`'{"b":1,  "a":[1,2.50,null], "b":2}'`, '{"b":1,  "a":[1,2.50,null], "b":2}'],
      ["'null'", 'null'],
      ['null', 'null'],
      [String.raw`E'{"a":\n\t"x\\ny"}'`, '{"a": \t"x\\ny"}'],
      ["'1e400'", '1e400'],
    ],
  ],
  [
    'jsonb',
    json,
    [
      [`'{"b":1,"a":[2.50]}'`, '{"a": [2.50], "b": 1}'],
      [`'"s\\"q"'`, '"s\\"q"'],
      ["'12345678901234567890.5'", '12345678901234567890.5'],
    ],
  ],
  ['mood', text, [["'so so'", '"so so"']]],
  [
    'inet',
    text,
    [
      ["'192.168.1.5/24'", '"192.168.1.5/24"'],
      ["'::1'", '"::1"'],
    ],
  ],
  ['cidr', text, [["'10.0.0.0/8'", '"10.0.0.0/8"']]],
  ['macaddr', text, [["'08:00:2b:01:02:03'", '"08:00:2b:01:02:03"']]],
  ['xml', text, [["'<a>1</a>'", '"<a>1</a>"']]],
  ['tsvector', text, [["'hello world'", `"'hello' 'world'"`]]],
  [
    'int4range',
    text,
    [
      ["'[1,5)'", '"[1,5)"'],
      ["'empty'", '"empty"'],
    ],
  ],
  ['tstzrange', text, [["'[2023-01-01,)'", '"[\\"2023-01-01 00:00:00+00\\",)"']]],
  ['int4multirange', text, [["'{[1,3),[5,7)}'", '"{[1,3),[5,7)}"']]],
  ['point', text, [["'(1.5,-2)'", '"(1.5,-2)"']]],
  ['int2vector', text, [["'1 2'", '"1 2"']]],
  ['pair', text, [["row(1, 'two words')", '"(1,\\"two words\\")"']]],
]);

describe('with decimals as text, lines', () => {
  test.each([
    ['jsonb', `'{"a": 1.50}'`, String.raw`"{\"a\": 1.50}"`],
    ['jsonb', "'null'", '"null"'],
    ['json', String.raw`E'[1,\n2]'`, String.raw`"[1,\n2]"`],
    ['json', 'null', 'null'],
  ])('hold %s %s as %s', async (type, literal, expected) => {
    expect((await readValues(type, [literal], { exact: 'text' })).json).toBe(expected);
  });
});
