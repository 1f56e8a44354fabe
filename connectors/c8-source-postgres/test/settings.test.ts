import { silentLog } from 'c8connector';
import { beforeAll, expect, inject, test, vi } from 'vitest';
import { connectionPool } from '../c8_source_postgres/pool.ts';
import { configOf, connectTo, discoverAll, linesOf } from './harness.ts';

/** What a role, a database or PGOPTIONS may set, with values that change how PostgreSQL shows values, plans or waits. The first is the default. */
const settings: Readonly<Record<string, readonly string[]>> = {
  datestyle: ['ISO, MDY', 'German', 'SQL, DMY', 'Postgres, YMD'],
  intervalstyle: ['postgres', 'sql_standard', 'postgres_verbose', 'iso_8601'],
  timezone: ['UTC', 'Asia/Kathmandu', 'America/St_Johns'],
  extra_float_digits: ['1', '-15', '0', '3'],
  bytea_output: ['hex', 'escape'],
  lc_monetary: ['C', 'C.UTF-8', 'POSIX'],
  lc_numeric: ['C', 'C.UTF-8'],
  client_encoding: ['UTF8', 'LATIN1', 'WIN1252'],
  search_path: ['"$user", public', 'pg_catalog', 'other, public'],
  standard_conforming_strings: ['on', 'off'],
  quote_all_identifiers: ['off', 'on'],
  default_transaction_isolation: ['read committed', 'serializable'],
  default_transaction_read_only: ['off', 'on'],
  default_transaction_deferrable: ['off', 'on'],
  xmloption: ['content', 'document'],
  xmlbinary: ['base64', 'hex'],
  row_security: ['on', 'off'],
  enable_seqscan: ['on', 'off'],
  debug_parallel_query: ['off', 'on'],
  statement_timeout: ['0', '1min'],
  lock_timeout: ['0', '1min'],
  idle_in_transaction_session_timeout: ['0', '1min'],
  transaction_timeout: ['0', '1min'],
  array_nulls: ['on', 'off'],
  client_min_messages: ['notice', 'debug5'],
  transform_null_equals: ['off', 'on'],
  timezone_abbreviations: ['Default', 'India'],
};

type Row = Readonly<Record<string, string>>;

/** Rows in which each pair of values of two settings occurs at least once; chosen greedily, so that there are nearly as few as possible. */
function pairwise(): Row[] {
  const names = Object.keys(settings);
  const open = new Set<string>();
  const pair = (one: string, a: string, other: string, b: string) => JSON.stringify([one, a, other, b]);
  names.forEach((one, index) => {
    for (const other of names.slice(index + 1))
      for (const a of settings[one] ?? []) for (const b of settings[other] ?? []) open.add(pair(one, a, other, b));
  });
  const rows: Row[] = [];
  while (open.size > 0) {
    const [one = '', a = '', other = '', b = ''] = JSON.parse([...open][0] ?? '[]') as string[];
    const row: Record<string, string> = { [one]: a, [other]: b };
    const gain = (name: string, value: string) =>
      names.filter((each) => {
        const there = row[each];
        if (there === undefined || each === name) return false;
        const isFirst = names.indexOf(each) < names.indexOf(name);
        return open.has(isFirst ? pair(each, there, name, value) : pair(name, value, each, there));
      }).length;
    for (const name of names)
      row[name] ??= [...(settings[name] ?? [])].sort((x, y) => gain(name, y) - gain(name, x))[0] ?? '';
    names.forEach((left, index) => {
      for (const right of names.slice(index + 1)) open.delete(pair(left, row[left] ?? '', right, row[right] ?? ''));
    });
    rows.push(row);
  }
  return rows;
}

const columns = [
  ...[
    'b boolean = true',
    'i2 smallint = -1',
    'i4 int = 2',
    'i8 bigint = 3',
    'o oid = 4',
    'n numeric(10,2) = 1.5',
    'nn numeric = 0.10',
  ],
  ...[
    'r real = 0.1',
    'd float8 = 0.1',
    "t text = 'é'",
    "c char(3) = 'a'",
    "v varchar(3) = 'a'",
    `nm name = 'a'`,
    `q "char" = 'a'`,
  ],
  ...[
    "u uuid = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
    `j json = '{"a":"é"}'`,
    "jb jsonb = '[1.50]'",
    "jp jsonpath = '$.a'",
  ],
  ...[
    "da date = '2023-04-05'",
    "ti time = '12:34:56.5'",
    "tz timetz = '12:34:56+05:30'",
    "ts timestamp = '2023-04-05 06:07:08.5'",
  ],
  ...[
    "tt timestamptz = '2023-04-05 06:07:08+03'",
    "iv interval = '1 year 2 days -3 seconds'",
    "by bytea = '\\xdeadbeef'",
    'm money = 1234.56',
  ],
  ...[
    "bi bit(3) = B'101'",
    "vb varbit = B'1'",
    "ip inet = '10.0.0.1'",
    "ci cidr = '10.0.0.0/8'",
    "ma macaddr = '08:00:2b:01:02:03'",
  ],
  ...[
    "xm xml = '<a/>'",
    "tv tsvector = 'a b'",
    "tq tsquery = 'a'",
    "pt point = '(0.1,2)'",
    "bx box = '(0.1,1),(0,0)'",
    "ls lseg = '[(0,0),(0.1,1)]'",
  ],
  ...[
    "ir int4range = '[1,5)'",
    "nr numrange = '[0.1,2]'",
    "tr tstzrange = '[2023-01-01 00:00+03,)'",
    "dr datemultirange = '{[2023-01-01,2023-02-01)}'",
  ],
  ...[
    "ia int[] = '{1,NULL}'",
    "fa float8[] = '{0.1}'",
    "ba bytea[] = array['\\x00ff'::bytea]",
    "ta timestamptz[] = array['2023-04-05 06:07:08+03'::timestamptz]",
  ],
  ...[
    "va interval[] = array['1 day'::interval]",
    "mo mood = 'so so'",
    "mm mood[] = '{so so}'",
    "co pair = row(0.1, '2023-04-05')",
    'st share = 1.5',
  ],
  ...[
    "hs hstore = 'a=>1,b=>NULL'",
    "ct citext = 'A'",
    "lt ltree = 'a.b'",
    "ls2 pg_lsn = '0/16B3748'",
    "xi xid8 = '5'",
    "od oidvector = '1 2'",
  ],
  ...["rc regtype = 'int4'", "rr regrole = 'postgres'"],
].map((text) => {
  const [, name = '', type = '', value = ''] = /^(\w+) (.+?) = (.*)$/.exec(text) ?? [];
  return { name, type, value };
});

const server = inject('postgres');
let wanted: unknown;
const dbname = 'matrix';

beforeAll(async () => {
  await using maintenance = await connectTo(server);
  await maintenance.query(`create database ${dbname}`);
  await using admin = await connectTo({ ...server, database: dbname });
  await admin.query(`
    create extension hstore; create extension citext; create extension ltree; create schema other;
    create type mood as enum ('sad', 'so so'); create type pair as (x float8, y date); create domain share as numeric(5, 2);
    create role settings_reader login password 'reader' in role pg_read_all_data;
    create table t (id int primary key, ${columns.map(({ name, type }) => `${name} ${type}`).join(', ')});
    insert into t values (1, ${columns.map(({ value }) => value).join(', ')}), (2 ${', null'.repeat(columns.length)});
    create view seen as select * from t`);
  wanted = await read();
});

async function read() {
  const config = configOf(server, { dbname, user: 'settings_reader', password: 'reader' });
  await using resource = connectionPool(config);
  const streams = await discoverAll(config, silentLog, resource);
  const lines: string[][] = [];
  for (const stream of streams) lines.push((await linesOf(stream, config, { resource })).sort());
  return { streams, lines };
}

test('reads one column of each type with every value', () => {
  const { lines } = wanted as Awaited<ReturnType<typeof read>>;
  expect(lines[0]).toHaveLength(2);
  expect(lines[0]?.[0]).toContain('"iv":"P1Y2DT-3S","by":"3q2+7w==","m":1234.56,"bi":"101"');
});

const owners = ['role settings_reader', `database ${dbname}`, `role settings_reader in database ${dbname}`];

test.each(owners)('has the same catalog and lines whatever a %s sets', async (owner) => {
  await using admin = await connectTo(server);
  // Each owner has a third of the rows; in the long tests, all of them.
  const rows = pairwise().filter((_, index) => process.env.C8_SOAK || index % owners.length === owners.indexOf(owner));
  for (const row of rows) {
    const sets = Object.entries(row).map(([name, value]) => {
      const literal = name === 'search_path' ? value : `'${value}'`;
      return `alter ${owner} set ${name} = ${literal}`;
    });
    await admin.query(sets.join(';'));
    try {
      expect(await read(), JSON.stringify(row)).toEqual(wanted);
    } finally {
      await admin.query(`alter ${owner} reset all`);
    }
  }
});

test('returns the same catalog and lines whatever PGOPTIONS sets', async () => {
  vi.stubEnv(
    'PGOPTIONS',
    '-c datestyle=German -c extra_float_digits=-15 -c quote_all_identifiers=on -c bytea_output=escape',
  );
  try {
    expect(await read()).toEqual(wanted);
  } finally {
    vi.unstubAllEnvs();
  }
});
