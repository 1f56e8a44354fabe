import { describe, expect, test } from 'vitest';
import { Decimal, type Value, type ValueSchema } from '../../src/index.ts';
import { replicationKeyOf } from '../../src/source/replication-key.ts';
import { listSource } from '../fixtures/changing-list.ts';
import { keyIn, readList } from '../fixtures/read-list.ts';

const integer = { type: ['integer', 'null'] };
const decimal = { type: ['number', 'null'], multipleOf: 0.01 };
const numeric = { type: ['number', 'null'], 'x-c8-type': 'numeric' };
const double = { type: ['number', 'null'] };
const date = { type: ['string', 'null'], format: 'date' };
const moment = { type: ['string', 'null'], format: 'date-time' };
const bare = { type: ['string', 'null'], format: 'date-time', 'x-c8-type': 'timestamp' };
const text = { type: ['string', 'null'] };

/** By type: keys of which the second is the highest, the bookmark as it is printed, and what the next read is given. */
const keys: readonly [string, ValueSchema, readonly Value[], string, Value][] = [
  ['an integer', integer, [7, 30, 9], '30', 30],
  [
    'an integer beyond 2^53',
    integer,
    [9007199254740993n, 9007199254740995n, 9007199254740994n],
    '9007199254740995',
    9007199254740995n,
  ],
  ['a negative integer', integer, [-7, -5, -30], '-5', -5],
  [
    'a decimal',
    decimal,
    [new Decimal('9.75'), new Decimal('12.50'), new Decimal('12.4')],
    '12.50',
    new Decimal('12.50'),
  ],
  [
    'a decimal of any size',
    numeric,
    [new Decimal('99999999999999999999.1'), new Decimal('99999999999999999999.25'), new Decimal('0')],
    '99999999999999999999.25',
    new Decimal('99999999999999999999.25'),
  ],
  ['a double', double, [0.1, 0.30000000000000004, 0.3], '0.30000000000000004', 0.30000000000000004],
  ['a large double', double, [1e21, 2e21, 9e20], '2e+21', 2e21],
  ['a date', date, ['2023-12-31', '2024-02-29', '2024-02-28'], '"2024-02-29"', '2024-02-29'],
  [
    'a time in UTC',
    moment,
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:01Z', '2023-12-31T23:59:59Z'],
    '"2024-01-01T00:00:01Z"',
    '2024-01-01T00:00:01Z',
  ],
  [
    'times in several zones',
    moment,
    ['2024-01-01T02:00:00+02:00', '2023-12-31T23:30:00-01:00', '2024-01-01T05:30:00+0530'],
    '"2023-12-31T23:30:00-01:00"',
    '2023-12-31T23:30:00-01:00',
  ],
  [
    'times of any precision',
    moment,
    ['2024-01-01T00:00:00.9Z', '2024-01-01T00:00:00.900000001Z', '2024-01-01T00:00:00.89999Z'],
    '"2024-01-01T00:00:00.900000001Z"',
    '2024-01-01T00:00:00.900000001Z',
  ],
  [
    'a time before 1970',
    moment,
    ['1969-12-31T23:59:58.9Z', '1969-12-31T23:59:59.25Z', '1969-12-31T23:59:59Z'],
    '"1969-12-31T23:59:59.25Z"',
    '1969-12-31T23:59:59.25Z',
  ],
  [
    'a time without a zone',
    bare,
    ['2024-01-01T00:00:00', '2024-01-01 00:00:00.5', '2023-01-01T00:00:00.9'],
    '"2024-01-01 00:00:00.5"',
    '2024-01-01 00:00:00.5',
  ],
  ['a text', text, ['01HA', '01HC', '01HB'], '"01HC"', '01HC'],
  ['a text that looks like a number', text, ['10', '9', '100'], '"9"', '9'],
];

describe('the bookmark is the highest key, and the next read gets it in the form of the rows', () => {
  describe.each([
    ['rows', false],
    ['lines', true],
  ] as const)('in %s', (_face, isLines) => {
    test.each(keys.filter(([, , values]) => !isLines || values.every(isPlain)))(
      '%s',
      async (_name, key, values, printed, since) => {
        const rows = [...values, null].map((at, id) => ({ id, other: 0, at }));
        const source = { key, rows, isLines, given: [] };
        const first = await readList(listSource(source));
        expect(keyIn(first.states.at(-1))).toBe(printed);
        // Nothing is new: the bookmark stays as it is, to the last digit.
        const second = await readList(listSource(source), { state: first.state });
        expect(keyIn(second.states.at(-1))).toBe(printed);
        expect(source.given.map((call: { since?: unknown }) => call.since)).toEqual([undefined, since]);
      },
    );
  });
});

function isPlain(value: Value): boolean {
  return typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value));
}

test.each<[string, ValueSchema, Value]>([
  ['no number', double, 'NaN'],
  ['a number that is not finite', double, Number.POSITIVE_INFINITY],
  ['a moment that never is', moment, 'infinity'],
  ['a day that is not in the calendar', moment, 'tomorrow'],
  ['another type', moment, 1700000000],
  ['a number with a huge exponent', numeric, new Decimal('1e999999999')],
])('%s is not a bookmark, and the row counts as one without a key', async (_name, key, at) => {
  const { states, logged } = await readList(listSource({ key, rows: [{ id: 1, other: 0, at }], given: [] }));
  expect(keyIn(states.at(-1))).toBeUndefined();
  expect(logged).toEqual(["stream 'list': rows without at, which come in each read: 1"]);
});

test.each<[string, ValueSchema]>([
  ['boolean', { type: 'boolean' }],
  ['json', { type: ['object', 'null'] }],
  ['json', {}],
  ['list', { type: 'array', items: { type: 'integer' } }],
  ['binary', { type: 'string', contentEncoding: 'base64' }],
])('a column of type %s cannot be a replication key', async (kind, key) => {
  const reading = readList(listSource({ key, rows: [], given: [] }));
  await expect(reading).rejects.toMatchObject({
    name: 'ConfigError',
    code: 'catalog_invalid',
    message: `stream 'list': the column 'at' cannot be a replication key, since its type ${kind} has no order`,
    details: { stream: 'list', column: 'at' },
  });
});

test.each<[string, ValueSchema, string, number, string | undefined]>([
  ['a time keeps the digits of its second', moment, '2024-01-01T00:00:00.123456Z', 60, '2023-12-31T23:59:00.123456Z'],
  ['a time of another zone is then one of UTC', moment, '2024-01-01T02:00:00+02:00', 1, '2023-12-31T23:59:59Z'],
  ['a time without a zone has none', bare, '2024-01-01T00:00:00', 1, '2023-12-31T23:59:59'],
  ['a date goes back to the day that is reached into', date, '2024-03-01', 1, '2024-02-29'],
  ['a date of a whole day before', date, '2024-03-01', 86_400, '2024-02-29'],
  ['a number knows no seconds', integer, '5', 1, undefined],
  ['nor does a text', text, '2024-03-01', 1, undefined],
])('a number of seconds before a key: %s', (_name, column, value, seconds, expected) => {
  const key = replicationKeyOf('list', 'at', { type: 'object', properties: { at: column } });
  expect(key.earlier(value, seconds)).toBe(expected);
});
