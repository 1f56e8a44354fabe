import { Decimal, stringifyValue, type Value } from 'c8connector';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MysqlStream } from '../c8_source_mysql/discover.ts';
import {
  configOf,
  connectTo,
  createDatabase,
  describeServers,
  discoverAll,
  rowsOfBoth,
  type ServerName,
  sharedServer,
} from './harness.ts';

/** A type, random values of it as SQL literals, the server's own rendering of a value, and the value of a row in the same form. */
interface RandomType {
  readonly declaration: string;
  readonly literals: fc.Arbitrary<string>;
  /** An expression over the column c. */
  readonly rendered: string;
  readonly shown: (value: Value) => string;
  readonly only?: ServerName;
}

const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&').replaceAll('\0', '\\0')}'`;
const plain = (value: Value) => (value instanceof Decimal ? value.text : String(value));
const bigInt = (min: bigint, max: bigint) => fc.bigInt({ min, max }).map(String);
const digits = (count: number) => fc.stringMatching(new RegExp(`^\\d{0,${count}}$`)).map((text) => text || '0');
const decimal = (whole: number, fraction: number) =>
  fc.tuple(fc.constantFrom('', '-'), digits(whole), digits(fraction)).map(([sign, a, b]) => `${sign}${a}.${b}`);
const text = (unit: 'binary' | 'grapheme', maxLength: number) => fc.string({ unit, maxLength }).map(quoted);
const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((value) => `x'${Buffer.from(value).toString('hex')}'`);
const hexOf = (value: Value) => Buffer.from(String(value), 'base64').toString('hex').toUpperCase();
const two = (number: number) => String(number).padStart(2, '0');
const dates = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, day]) => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`);
const clocks = fc
  .tuple(...[23, 59, 59, 999_999].map((max) => fc.integer({ min: 0, max })))
  .map(
    ([hours = 0, minutes = 0, seconds = 0, micro = 0]) =>
      `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(micro).padStart(6, '0')}`,
  );
const moments = fc.tuple(dates, clocks).map(([date, clock]) => `'${date} ${clock}'`);
/** `2023-04-05T06:07:08.5+00:00` as the server writes it. */
const momentText = (value: Value) => {
  const [seconds = '', fraction = ''] = String(value).replace('T', ' ').replace('+00:00', '').split('.');
  return `${seconds}.${fraction.padEnd(6, '0')}`;
};
const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
const singles = fc.float({ noNaN: true, noDefaultInfinity: true });
/** Coordinates that JSON of both servers writes with all of their digits. */
const coordinate = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 64);
const pair = fc.tuple(coordinate, coordinate).map(([x, y]) => `${x} ${y}`);
const pairs = (minLength: number) => fc.array(pair, { minLength, maxLength: 5 }).map((list) => list.join(','));
const ring = fc.array(pair, { minLength: 3, maxLength: 5 }).map((list) => `(${[...list, list[0]].join(',')})`);
const simple = fc.oneof(
  pair.map((point) => `POINT(${point})`),
  pairs(2).map((points) => `LINESTRING(${points})`),
  ring.map((outer) => `POLYGON(${outer})`),
  pairs(1).map((points) => `MULTIPOINT(${points})`),
  fc.array(pairs(2), { minLength: 1, maxLength: 3 }).map((lines) => `MULTILINESTRING((${lines.join('),(')}))`),
  fc.array(ring, { minLength: 1, maxLength: 3 }).map((rings) => `MULTIPOLYGON((${rings.join('),(')}))`),
);
const geometries = fc.oneof(
  simple,
  fc.array(simple, { minLength: 1, maxLength: 3 }).map((parts) => `GEOMETRYCOLLECTION(${parts.join(',')})`),
);
const canonical = (json: unknown) => stringifyValue(json as Value);

const types: readonly RandomType[] = [
  { declaration: 'tinyint', literals: bigInt(-128n, 127n), rendered: 'c', shown: plain },
  { declaration: 'mediumint unsigned', literals: bigInt(0n, 16_777_215n), rendered: 'c', shown: plain },
  { declaration: 'int(9) zerofill', literals: bigInt(0n, 4_294_967_295n), rendered: 'c + 0', shown: plain },
  { declaration: 'bigint', literals: bigInt(-(2n ** 63n), 2n ** 63n - 1n), rendered: 'c', shown: plain },
  { declaration: 'bigint unsigned', literals: bigInt(0n, 2n ** 64n - 1n), rendered: 'c', shown: plain },
  {
    declaration: 'bit(33)',
    literals: bigInt(0n, 2n ** 33n - 1n),
    rendered: `lpad(bin(c + 0), 33, '0')`,
    shown: plain,
  },
  { declaration: 'year', literals: bigInt(1901n, 2155n), rendered: 'c + 0', shown: plain },
  { declaration: 'decimal(65,30)', literals: decimal(35, 30), rendered: 'c', shown: plain },
  { declaration: 'decimal(18,4)', literals: decimal(14, 4), rendered: 'c', shown: plain },
  {
    declaration: 'double',
    literals: doubles.map((value) => `${value.toExponential()}`),
    // As text: the driver's own reader of doubles is not exact.
    rendered: 'concat(c)',
    shown: (value) => String(Number(plain(value))),
  },
  {
    declaration: 'float',
    literals: singles.map((value) => `${value.toExponential()}`),
    rendered: 'concat(c + 0e0)',
    shown: (value) => String(Math.fround(Number(plain(value)))),
  },
  { declaration: 'varchar(200)', literals: text('binary', 100), rendered: 'hex(c)', shown: hexOfText },
  {
    declaration: 'text character set utf16',
    literals: text('grapheme', 20),
    rendered: 'hex(convert(c using utf8mb4))',
    shown: hexOfText,
  },
  { declaration: 'varbinary(300)', literals: bytes(300), rendered: 'hex(c)', shown: hexOf },
  { declaration: 'binary(12)', literals: bytes(12), rendered: 'hex(c)', shown: hexOf },
  { declaration: 'longblob', literals: bytes(500), rendered: 'hex(c)', shown: hexOf },
  {
    declaration: "set('a', 'b', 'c', 'd')",
    literals: fc.subarray(['a', 'b', 'c', 'd']).map((labels) => quoted(labels.join(','))),
    rendered: 'c',
    shown: plain,
  },
  { declaration: "enum('a', 'b', 'é')", literals: fc.constantFrom(`'a'`, `'b'`, `'é'`), rendered: 'c', shown: plain },
  {
    declaration: 'date',
    literals: dates.map(quoted),
    rendered: `concat(lpad(year(c), 4, '0'), '-', lpad(month(c), 2, '0'), '-', lpad(day(c), 2, '0'))`,
    shown: plain,
  },
  { declaration: 'datetime(6)', literals: moments, rendered: 'cast(c as char)', shown: momentText },
  {
    declaration: 'timestamp(6) null',
    literals: fc
      .tuple(fc.integer({ min: 1, max: 2 ** 31 - 2 }), fc.integer({ min: 0, max: 999_999 }))
      .map(([seconds, micro]) => `from_unixtime(${seconds}.${String(micro).padStart(6, '0')})`),
    rendered: 'cast(c as char)',
    shown: momentText,
  },
  {
    declaration: 'time(6)',
    literals: fc
      .tuple(fc.constantFrom('', '-'), fc.integer({ min: 0, max: 837 }), clocks)
      .map(([sign, hours, clock]) => `'${sign}${hours}${clock.slice(2)}'`),
    rendered: 'cast(c as char)',
    shown: plain,
  },
  {
    declaration: 'geometry',
    literals: geometries.map((wkt) => `st_geomfromtext('${wkt}')`),
    rendered: 'st_asgeojson(c)',
    shown: canonical,
  },
  {
    declaration: 'json',
    literals: fc.json({ maxDepth: 4 }).map(quoted),
    rendered: `concat(c, '')`,
    shown: canonical,
    only: 'MariaDB',
  },
  {
    declaration: 'uuid',
    literals: fc.uuid().map(quoted),
    rendered: 'c',
    shown: plain,
    only: 'MariaDB',
  },
];

function hexOfText(value: Value): string {
  return Buffer.from(String(value)).toString('hex').toUpperCase();
}

const rows = process.env.C8_SOAK ? 20_000 : 400;

describeServers('random values', (server) => {
  const cases = types.filter(({ only = server }) => only === server);

  test('are what the server itself says that they are, as lines and as typed arrays', async () => {
    const columns = cases.map(({ declaration }, index) => `c${index} ${declaration}`);
    const database = await createDatabase(sharedServer(server), [
      `create table t (id int primary key, ${columns.join(', ')})`,
    ]);
    await using client = await connectTo(database);
    await client.query(`set sql_mode = '', time_zone = '+00:00'`);
    const seed = Date.now() % 1e9;
    const values = cases.map(({ literals }) => fc.sample(literals, { numRuns: rows, seed }));
    for (let first = 0; first < rows; first += 100) {
      const some = Array.from({ length: 100 }, (_, index) => [
        first + index,
        ...values.map((literals) => literals[first + index]),
      ]);
      await client.query(`insert into t values (${some.map((row) => row.join(', ')).join('), (')})`);
    }
    const expressions = cases.map(
      ({ rendered }, index) => `${rendered.replaceAll(/\bc\b/g, `c${index}`)} as c${index}`,
    );
    const wanted = (await client.query(`select ${expressions.join(', ')} from t order by id`)) as Record<
      string,
      unknown
    >[];
    const config = configOf(database);
    const [stream] = await discoverAll(config);
    const { fromLines, fromColumns } = await rowsOfBoth(stream as MysqlStream, config);
    expect([fromLines.length, fromColumns.length]).toEqual([rows, rows]);
    for (const [index, { declaration, shown }] of cases.entries()) {
      const name = `c${index}`;
      const expected = wanted.map((row) => shownByServer(declaration, row[name]));
      for (const found of [fromLines, fromColumns])
        expect(
          found.map((row) => shown(row[name] as Value)),
          `${declaration}, seed ${seed}`,
        ).toEqual(expected);
    }
  });
});

/** What the driver made of the server's rendering, in the form of `shown`. */
function shownByServer(declaration: string, value: unknown): string {
  if (declaration === 'geometry' || declaration === 'json')
    return canonical(typeof value === 'string' ? JSON.parse(value) : value);
  if (declaration === 'double') return String(Number(value));
  return declaration === 'float' ? String(Math.fround(Number(value))) : String(value);
}
