import { describe, expect, test } from 'vitest';
import { binary, boolean, date, decimal, double, int, json, list, testTypes, text, timestamp } from './type-table.ts';

const readValues = testTypes([
  [
    'integer[]',
    list(int),
    [
      ["'{1,NULL,3}'", '[1,null,3]'],
      ["'{}'", '[]'],
      ['null', 'null'],
      ["'[0:1]={7,8}'", '[7,8]'],
      ["'{{1},{2}}'", '[[1],[2]]'],
    ],
  ],
  [
    'integer[][]',
    list(int, 2),
    [
      ["'{{1,2},{3,NULL}}'", '[[1,2],[3,null]]'],
      ["'{5}'", '[5]'],
    ],
  ],
  [
    'text[]',
    list(text),
    [
      [
        String.raw`'{"a","b,c",NULL,"NULL","d\"e","f\\g","{h}",""}'`,
        String.raw`["a","b,c",null,"NULL","d\"e","f\\g","{h}",""]`,
      ],
      [String.raw`array[E'x\ny', E't\tz']`, String.raw`["x\ny","t\tz"]`],
    ],
  ],
  ['numeric(10,2)[]', list(decimal(10, 2)), [["'{1.5,NaN}'", '[1.50,null]']]],
  ['double precision[]', list(double), [["'{1.5,Infinity,-Infinity}'", '[1.5,null,null]']]],
  ['boolean[]', list(boolean), [["'{t,f,NULL}'", '[true,false,null]']]],
  ['date[]', list(date), [["'{2023-04-05,infinity}'", '["2023-04-05","9999-12-31"]']]],
  [
    'timestamp[]',
    list(timestamp),
    [[`'{"2023-04-05 06:07:08",-infinity}'`, '["2023-04-05T06:07:08+00:00","0001-01-01T00:00:00+00:00"]']],
  ],
  ['jsonb[]', list(json), [[`array['{"a": "x\\"y"}', '1.50']::jsonb[]`, '[{"a": "x\\"y"},1.50]']]],
  ['bytea[]', list(binary), [["array['\\xdead'::bytea]", '["3q0="]']]],
  ['box[]', list(text), [["'{(2,2),(1,1);(4,4),(3,3)}'", '["(2,2),(1,1)","(4,4),(3,3)"]']]],
  ['mood[]', list(text), [["'{sad,so so}'", '["sad","so so"]']]],
  ['pair[]', list(text), [[`array[row(1,'a "b"')::pair]`, '["(1,\\"a \\"\\"b\\"\\"\\")"]']]],
  ['money[]', list(decimal(19, 2)), [['\'{"$1,234.56",-0.01,NULL}\'', '[1234.56,-0.01,null]']]],
  ['tags', list(text), [["'{a,b}'", '["a","b"]']]],
  ['share[]', list(decimal(5, 2)), [['array[1.5]', '[1.50]']]],
]);

describe('with decimals as text, lines', () => {
  test.each([
    ['numeric(10,2)[]', "'{1.5,NULL}'", '["1.50",null]'],
    ['jsonb[]', "array['1.50', null]::jsonb[]", '["1.50",null]'],
  ])('hold %s %s as %s', async (type, literal, expected) => {
    expect((await readValues(type, [literal], { exact: 'text' })).json).toBe(expected);
  });
});
