import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  configOf,
  connectTo,
  createDatabase,
  describeServers,
  discoverAll,
  linesOf,
  sharedServer,
} from '../harness.ts';
import { loggedRows } from './logged-rows.ts';
import { packetsOf } from './own-log.ts';

/** A type, and its values as parameters of a statement. */
type Random = readonly [type: string, values: fc.Arbitrary<unknown>];

const integer = (bits: number, isUnsigned: boolean) =>
  fc
    .bigInt(
      isUnsigned
        ? { min: 0n, max: (1n << BigInt(bits)) - 1n }
        : { min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n },
    )
    .map(String);
const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${count}}$`));
const decimal = (precision: number, scale: number) =>
  fc
    .tuple(fc.boolean(), precision > scale ? digits(precision - scale) : fc.constant('0'), digits(Math.max(scale, 1)))
    .map(([isNegative, whole, fraction]) => `${isNegative ? '-' : ''}${whole}${scale > 0 ? `.${fraction}` : ''}`);
const two = (max: number) => fc.nat(max).map((value) => String(value).padStart(2, '0'));
const fraction = (count: number) => (count === 0 ? fc.constant('') : digits(count).map((text) => `.${text}`));
const time = (count: number) =>
  fc
    .tuple(fc.constantFrom('', '-'), fc.nat(837), two(59), two(59), fraction(count))
    .map(([sign, hours, minutes, seconds, rest]) => `${sign}${hours}:${minutes}:${seconds}${rest}`);
const moment = (min: string, max: string, count: number) =>
  fc
    .tuple(fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }), fraction(count))
    .map(([date, rest]) => `${date.toISOString().slice(0, 19).replace('T', ' ')}${rest}`);
const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((value) => Buffer.from(value));

const columns: readonly Random[] = [
  ...[8, 16, 24, 32, 64].flatMap((bits, index): Random[] => {
    const name = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'][index] ?? '';
    return [
      [name, integer(bits, false)],
      [`${name} unsigned`, integer(bits, true)],
    ];
  }),
  ...(
    [
      [10, 2],
      [65, 30],
      [30, 30],
      [5, 0],
      [18, 9],
      [19, 10],
      [38, 7],
    ] as const
  ).map(([precision, scale]): Random => [`decimal(${precision},${scale})`, decimal(precision, scale)]),
  ['float', fc.float({ noNaN: true, noDefaultInfinity: true })],
  ['double', fc.double({ noNaN: true, noDefaultInfinity: true })],
  ...[0, 1, 2, 3, 4, 5, 6].flatMap((count): Random[] => [
    [`time(${count})`, time(count)],
    [`datetime(${count})`, moment('1000-01-01', '9999-12-31', count)],
    [`timestamp(${count}) null`, moment('1970-01-02', '2038-01-18', count)],
  ]),
  ['date', moment('1000-01-01', '9999-12-31', 0).map((text) => text.slice(0, 10))],
  ['year', fc.integer({ min: 1901, max: 2155 })],
  ['varchar(40)', fc.string({ unit: 'binary', maxLength: 20 })],
  ['char(20)', fc.string({ unit: 'grapheme', maxLength: 5 })],
  ['varchar(300) character set latin1', fc.string({ maxLength: 300 })],
  ['text character set utf16', fc.string({ unit: 'binary', maxLength: 30 })],
  ['binary(12)', bytes(12)],
  ['varbinary(300)', bytes(300)],
  ['blob', bytes(600)],
  ['bit(13)', fc.nat(2 ** 13 - 1)],
  ['bit(64)', integer(64, true)],
  [`enum('a','b','c')`, fc.constantFrom('a', 'b', 'c', '')],
  [
    `set('p','q','r','s','t','u','v','w','x')`,
    fc.subarray(['p', 'q', 'r', 's', 'x']).map((labels) => labels.join(',')),
  ],
  ['json', fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value))],
  ['json', fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' }).map((value) => JSON.stringify(value))],
];

describeServers('random rows in the log', (server) => {
  test('are the same as in a copy of the table', async () => {
    const login = await createDatabase(sharedServer(server), [
      `create table t (id int primary key, ${columns.map(([type], index) => `c${index} ${type}`).join(', ')})`,
    ]);
    const config = configOf(login, { out_of_range_dates: 'text' });
    const row = fc.tuple(...columns.map(([, values]) => fc.option(values, { freq: 5 })));
    const rows = fc.sample(row, 300).map((values, id) => [id, ...values]);
    await using client = await connectTo(login);
    await client.query(`set sql_mode = '', time_zone = '+00:00'`);
    // Numbers are passed as text, which is exact; bits only as numbers.
    const marks = ['?', ...columns.map(([type]) => (type.startsWith('bit') ? 'cast(? as unsigned)' : '?'))].join(', ');
    const packets = await packetsOf(server, login, async () => {
      for (const values of rows) await client.query(`insert into t values (${marks})`, values);
    });
    const [table] = await discoverAll(config);
    if (table === undefined) throw new Error('no table');
    const logged = loggedRows(server, packets, [{ ...table, name: 't', database: login.database }]);
    expect(logged.get('t')?.map(({ after }) => after)).toEqual(await linesOf(table, config));
  }, 60_000);
});
