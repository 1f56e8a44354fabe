import { Decimal, type Row } from 'c8connector';
import { recordMessages, schemaMessage, type TargetCase, types } from './target-case.ts';

const where = 'how write stores values and names';

const arrays: readonly Row[] = [
  { id: 1, fruits: ['apple', 'pear'], counts: [1, 2, 3], grid: [[1, 2], [3]], crates: [{ kind: 'wood', size: 2 }] },
  { id: 2, fruits: [], counts: [null, 9007199254740993n], grid: [[]], crates: [] },
  { id: 3, fruits: null, counts: null, grid: null, crates: null },
];

const arrayData: TargetCase = {
  number: 52,
  title:
    'array_data: arrays of texts, integers, arrays and objects, empty ones and nulls among them, are stored as they are',
  where,
  name: 'array_data',
  messages: (stream) => [
    schemaMessage(stream, {
      id: types.id,
      fruits: { type: ['null', 'array'], items: { type: 'string' } },
      counts: { type: ['null', 'array'], items: types.integer },
      grid: { type: ['null', 'array'], items: { type: 'array', items: types.integer } },
      crates: {
        type: ['null', 'array'],
        items: { type: 'object', properties: { kind: types.text, size: types.integer } },
      },
    }),
    ...recordMessages(stream, arrays),
  ],
  stored: arrays,
};

const camelcaseRows: readonly Row[] = [
  { Id: 1, firstName: 'Ada', LastName: 'Lovelace', HTTPPort: 80 },
  { Id: 2, firstName: 'Grace', LastName: null, HTTPPort: null },
];

const camelcase: TargetCase = {
  number: 53,
  title: 'camelcase: names with capitals are kept',
  where,
  name: 'TestCamelcase',
  messages: (stream) => [
    schemaMessage(stream, { Id: types.id, firstName: types.text, LastName: types.text, HTTPPort: types.integer }, [
      'Id',
    ]),
    ...recordMessages(stream, camelcaseRows),
  ],
  stored: camelcaseRows,
};

const complexRows: readonly Row[] = [
  {
    orderId: 1,
    shipTo: { streetName: 'High Street', geoPoint: { latDeg: 48.5, lonDeg: -2 } },
    lineItems: [{ skuCode: 'A1', unitPrice: 9.5 }],
  },
  { orderId: 2, shipTo: { streetName: 'Low "Street"' }, lineItems: [] },
  { orderId: 3, shipTo: null, lineItems: null },
];

const camelcaseComplex: TargetCase = {
  number: 54,
  title: 'camelcase_complex_schema: nested objects keep their keys, also in anyOf',
  where,
  name: 'TestComplexCamelcase',
  messages: (stream) => [
    schemaMessage(
      stream,
      {
        orderId: types.id,
        shipTo: {
          anyOf: [
            {
              type: 'object',
              properties: {
                streetName: types.text,
                geoPoint: { type: 'object', properties: { latDeg: types.number, lonDeg: types.number } },
              },
            },
            { type: 'null' },
          ],
        },
        lineItems: {
          type: ['array', 'null'],
          items: { type: 'object', properties: { skuCode: types.text, unitPrice: types.number } },
        },
      },
      ['orderId'],
    ),
    ...recordMessages(stream, complexRows),
  ],
  stored: complexRows,
};

const texts = [
  'plain',
  '',
  ' spaces around ',
  'naïve café, 北京, Ελλάδα, עברית',
  '😀 👩‍👩‍👧 𝒳',
  'e\u0301 is not \u00e9',
  'quote " and \' and back\\slash and / slash',
  'line\nbreak, carriage\rreturn, tab\t, separators \u2028 \u2029',
  'controls \u0001\u0008\u000c\u001f\u007f',
  '{"looks": ["like", "JSON"]} it is none',
  'null',
  '-0012.50',
  '$19.99; DROP TABLE x; --',
  '\ufeffbyte order mark, \u200b zero width, \ufffd',
];

const textRows: readonly Row[] = texts.map((text, id) => ({ id, text }));

const encodedStrings: TargetCase = {
  number: 56,
  title:
    'encoded_string_data: texts with quotes, control characters, line breaks, emoji and all scripts are stored letter by letter',
  where,
  name: 'encoded_string_data',
  messages: (stream) => [
    schemaMessage(stream, { id: types.id, text: types.text }),
    ...recordMessages(stream, textRows),
  ],
  stored: textRows,
};

const everyType = {
  id: types.id,
  flag: { type: ['null', 'boolean'] },
  whole: { type: ['null', 'integer'], minimum: '-9223372036854775808', maximum: '9223372036854775807' },
  exact: { type: ['null', 'number'], multipleOf: 0.01, 'x-c8-type': 'numeric(20,2)' },
  fraction: types.number,
  text: types.text,
  day: { type: ['null', 'string'], format: 'date' },
  moment: { type: ['null', 'string'], format: 'date-time' },
  object: { type: ['null', 'object'], properties: { inner: types.integer } },
  list: { type: ['null', 'array'], items: types.text },
};

const optionalRows: readonly Row[] = [
  {
    id: 1,
    flag: true,
    whole: 9223372036854775807n,
    exact: new Decimal('123456789012345678.12'),
    fraction: 0.1,
    text: 'all',
    day: '2023-04-05',
    moment: '2023-04-05T06:07:08.123456+00:00',
    object: { inner: 1 },
    list: ['a'],
  },
  {
    id: 2,
    flag: null,
    whole: null,
    exact: null,
    fraction: null,
    text: null,
    day: null,
    moment: null,
    object: null,
    list: null,
  },
  { id: 3 },
];

const optionalAttributes: TargetCase = {
  number: 59,
  title: 'optional_attributes: columns of every type may have a value, with all its digits, or be null or absent',
  where,
  name: 'optional_attributes',
  messages: (stream) => [schemaMessage(stream, everyType), ...recordMessages(stream, optionalRows)],
  stored: optionalRows,
};

const odd = [
  'a b',
  'a.b',
  'a-b',
  'a:b',
  'a,b',
  'a;b',
  'a"b',
  "a'b",
  'a`b',
  'a/b',
  'a\\b',
  '$money',
  '#1',
  '1st',
  '%',
  '[x]',
  'select',
  'ünï',
  '日本',
  '😀',
];
const oddRow: Row = { id: 1, ...Object.fromEntries(odd.map((name) => [name, `value of ${name}`])) };

const specialCharacters: TargetCase = {
  number: 67,
  title: 'special_chars_in_attributes: column names with blanks, dots, quotes, slashes and any letters are kept',
  where,
  name: 'special_chars_in_attributes',
  messages: (stream) => [
    schemaMessage(stream, { id: types.id, ...Object.fromEntries(odd.map((name) => [name, types.text])) }),
    ...recordMessages(stream, [oddRow]),
  ],
  stored: [oddRow],
};

/** Cases of values and names that must be stored unchanged. */
export const casesOfValues: readonly TargetCase[] = [
  arrayData,
  camelcase,
  camelcaseComplex,
  encodedStrings,
  optionalAttributes,
  specialCharacters,
];
