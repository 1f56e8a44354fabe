import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { anomalyReport } from 'c8connector-sql';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { convertMoney } from '../c8_source_postgres/convert-money.ts';
import { configOf, connectTo, discoverAll, readLines } from './harness.ts';

/** The JSON of the text that the locale C writes for an amount. */
function converted(text: string, scale: number): string {
  const bytes = Buffer.from(text);
  const out = new Uint8Array(8 * bytes.length + 40);
  const end = convertMoney(scale, false, anomalyReport('s').of('c'))(bytes, 0, bytes.length, out, 0);
  return Buffer.from(out.subarray(0, end)).toString();
}

test.each([
  ['$0.00', 0, '0'],
  ['$12.34', 0, '1234'],
  ['-$0.01', 0, '-1'],
  ['$1,234.56', 2, '1234.56'],
  ['-$0.01', 2, '-0.01'],
  ['$1,234.56', 3, '123.456'],
  ['$0.07', 3, '0.007'],
  ['-$92,233,720,368,547,758.08', 0, '-9223372036854775808'],
  ['-$92,233,720,368,547,758.08', 10, '-922337203.6854775808'],
])('reads %s with %i fraction digits as %s', (text, scale, expected) => {
  expect(converted(text, scale)).toBe(expected);
});

/** Locales by the fraction digits of their currency: yen, euro and dinar. */
const locales = { 0: 'ja_JP', 2: 'de_DE', 3: 'ar_BH' } as const;

/** A folder with the compiled locales, for the servers of these tests; undefined if the system cannot compile them. */
async function compileLocales(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'locales-'));
  await chmod(folder, 0o755);
  const compile = (name: string) =>
    promisify(execFile)('localedef', ['-i', name, '-f', 'UTF-8', join(folder, `${name}.UTF-8`)]);
  try {
    await Promise.all(Object.values(locales).map(compile));
    return folder;
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
}

const folder = await compileLocales();
if (folder === undefined) console.log('skipped money of other locales: localedef cannot compile them here');

describe.skipIf(folder === undefined)('a database with its own lc_monetary', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    vi.stubEnv('LOCPATH', folder);
    server = await startPostgres();
    await using client = await connectTo(server);
    await client.query(`create role reader login password 'reader' in role pg_read_all_data`);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  async function databaseWith(locale: string | undefined): Promise<string> {
    const dbname = await server.createDatabase();
    await using admin = await connectTo(server);
    if (locale !== undefined) await admin.query(`alter database ${dbname} set lc_monetary = '${locale}.UTF-8'`);
    await using client = await connectTo({ ...server, database: dbname });
    await client.query(`create domain price as money; create table t (m money, list money[], price price);
      insert into t select n::money, array[n::money, null], n::money from (values (1234::numeric), (-7)) v(n)`);
    return dbname;
  }

  async function read(dbname: string) {
    const config = configOf(server, { dbname, user: 'reader', password: 'reader' });
    const [stream] = await discoverAll(config);
    return { schema: stream?.schema.properties.m, lines: await readLines(config, 'public-t') };
  }

  test.each([
    [0, ['1234', '-7']],
    [2, ['1234.00', '-7.00']],
    [3, ['1234.000', '-7.000']],
  ] as const)('of %i fraction digits has amounts as they were inserted', async (scale, amounts) => {
    expect(await read(await databaseWith(locales[scale]))).toEqual({
      schema: { type: ['null', 'number'], multipleOf: Number(`1e-${scale}`), 'x-c8-type': `numeric(19,${scale})` },
      lines: amounts.map((amount) => `{"m":${amount},"list":[${amount},null],"price":${amount}}`),
    });
  });

  test.each([
    ['a database that sets one', 'de_DE'],
    ['a server that sets one', undefined],
  ])('takes precedence over that of the role: %s', async (_name, locale) => {
    const dbname = await databaseWith(locale);
    const before = await read(dbname);
    await using admin = await connectTo(server);
    await admin.query(`alter role reader set lc_monetary = 'ja_JP.UTF-8'`);
    try {
      expect(await read(dbname)).toEqual(before);
    } finally {
      await admin.query('alter role reader reset lc_monetary');
    }
  });
});
