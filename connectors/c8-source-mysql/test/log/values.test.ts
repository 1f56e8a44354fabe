// Takes about 15 s.
import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MysqlConfig } from '../../c8_source_mysql/config.ts';
import {
  configOf,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type Login,
  linesOf,
  type ServerName,
} from '../harness.ts';
import { type LoggedRow, loggedRows } from './logged-rows.ts';
import { ownServer, packetsOf } from './own-log.ts';
import { testTables } from './tables.ts';

/** Settings of a server under which the log has the same rows in another form. */
interface Form {
  readonly title: string;
  readonly global: readonly string[];
  readonly session?: readonly string[];
  readonly checksum?: 'NONE';
}

const full = 'binlog_row_metadata = FULL';

const forms: Readonly<Record<ServerName, readonly Form[]>> = {
  MariaDB: [
    { title: 'with the names of columns', global: [full] },
    {
      title: 'with little metadata, without checksums',
      global: ['binlog_row_metadata = MINIMAL', 'binlog_checksum = NONE'],
      checksum: 'NONE',
    },
    { title: 'without metadata', global: ['binlog_row_metadata = NO_LOG'] },
    { title: 'compressed', global: [full, 'log_bin_compress = ON', 'log_bin_compress_min_len = 10'] },
  ],
  MySQL: [
    { title: 'with the names of columns', global: [full] },
    {
      title: 'with little metadata, without checksums',
      global: ['binlog_row_metadata = MINIMAL', 'binlog_checksum = NONE'],
      checksum: 'NONE',
    },
    {
      title: 'compressed, with partial updates',
      global: [full],
      session: ['binlog_transaction_compression = ON', 'binlog_row_value_options = PARTIAL_JSON'],
    },
  ],
};

/** Settings that a form does not have. */
const usual: Readonly<Record<ServerName, readonly string[]>> = {
  MariaDB: ['binlog_checksum = CRC32', 'log_bin_compress = OFF'],
  MySQL: ['binlog_checksum = CRC32'],
};

describeServers('a value in the log', (server) => {
  let own: MySqlServer;
  beforeAll(async () => {
    own = await ownServer(server);
  }, 60_000);
  afterAll(async () => await own.stop());

  for (const form of forms[server]) {
    test(`is the same as in a copy of the table, ${form.title}`, async () => {
      for (const [name, { inserted, updated, logged }] of await rowsOf(server, own, form)) {
        const of = (operation: string) => logged.filter((row) => row.operation === operation);
        expect
          .soft(
            of('insert').map(({ after }) => after),
            name,
          )
          .toEqual(inserted);
        expect
          .soft(
            of('update').map(({ before }) => before),
            name,
          )
          .toEqual(inserted);
        expect
          .soft(
            of('update').map(({ after }) => after),
            name,
          )
          .toEqual(updated);
        expect
          .soft(
            of('delete').map(({ before }) => before),
            name,
          )
          .toEqual(updated);
        expect.soft(inserted.length, name).toBeGreaterThan(0);
      }
    }, 60_000);
  }
});

/** For each table, its rows before and after an update of all keys, and the changes in the log. */
type Rows = ReadonlyMap<
  string,
  { readonly inserted: readonly string[]; readonly updated: readonly string[]; readonly logged: readonly LoggedRow[] }
>;

async function rowsOf(server: ServerName, own: Login, form: Form): Promise<Rows> {
  const tables = testTables(server);
  await execute(own, ...[...usual[server], ...form.global].map((setting) => `set global ${setting}`));
  const login = await createDatabase(
    own,
    tables.map(({ name, create }) => `create table ${name} (id int primary key, ${create})`),
  );
  const session = [`sql_mode = ''`, `time_zone = '+00:00'`, ...(form.session ?? [])].map((setting) => `set ${setting}`);
  const config = configOf(login);
  const streams = await discoverAll(config);
  let inserted: ReadonlyMap<string, readonly string[]> = new Map();
  let updated = inserted;
  const packets = await packetsOf(
    server,
    login,
    async () => {
      const inserts = tables.map(
        ({ name, rows }) => `insert into ${name} values ${rows.map((row, index) => `(${index}, ${row})`).join(', ')}`,
      );
      await execute(login, ...session, ...inserts);
      inserted = await copied(streams, config);
      await execute(login, ...session, ...tables.map(({ name }) => `update ${name} set id = id + 1000 order by id`));
      updated = await copied(streams, config);
      await execute(login, ...session, ...tables.map(({ name }) => `delete from ${name} order by id`));
    },
    { checksum: form.checksum ?? 'CRC32' },
  );
  const logged = loggedRows(server, packets, streams, config);
  return new Map(
    tables.map(({ name }) => [
      name,
      { inserted: inserted.get(name) ?? [], updated: updated.get(name) ?? [], logged: logged.get(name) ?? [] },
    ]),
  );
}

async function copied(
  streams: Awaited<ReturnType<typeof discoverAll>>,
  config: MysqlConfig,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = new Map<string, readonly string[]>();
  for (const stream of streams) lines.set(stream.tableName, await linesOf(stream, config));
  return lines;
}
