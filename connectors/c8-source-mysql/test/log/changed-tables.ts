import type { Column } from '../../c8_source_mysql/catalog.ts';
import type { MysqlConfig } from '../../c8_source_mysql/config.ts';
import type { MysqlStream } from '../../c8_source_mysql/discover.ts';
import { configOf, createDatabase, discoverAll, execute, type Login, linesOf, type ServerName } from '../harness.ts';
import { packetsOf } from './own-log.ts';
import type { TestTable } from './tables.ts';

/** Settings of a server under which the log has the same rows in another form. */
export interface Form {
  readonly title: string;
  readonly global: readonly string[];
  readonly session?: readonly string[];
  readonly checksum?: 'NONE';
  /** A type of events that only this form has. */
  readonly eventType?: number;
  /** A type of columns that only this form has. */
  readonly columnType?: number;
}

const full = 'binlog_row_metadata = FULL';
const little: Form = {
  title: 'with little metadata, without checksums',
  global: ['binlog_row_metadata = MINIMAL', 'binlog_checksum = NONE'],
  checksum: 'NONE',
};

export const forms: Readonly<Record<ServerName, readonly Form[]>> = {
  MariaDB: [
    { title: 'with the names of columns', global: [full] },
    little,
    { title: 'without metadata', global: ['binlog_row_metadata = NO_LOG'] },
    {
      title: 'with the types of times of old servers',
      global: [full, 'mysql56_temporal_format = OFF', 'column_compression_zlib_wrap = ON'],
      columnType: 12,
    },
    { title: 'compressed', global: [full, 'log_bin_compress = ON', 'log_bin_compress_min_len = 10'], eventType: 166 },
  ],
  MySQL: [
    { title: 'with the names of columns', global: [full] },
    little,
    {
      title: 'compressed',
      global: [full],
      eventType: 39,
      session: ['binlog_transaction_compression = ON', 'binlog_row_value_options = PARTIAL_JSON'],
    },
  ],
};

/** Settings that a form does not have. */
const usual: Readonly<Record<ServerName, readonly string[]>> = {
  MariaDB: [
    'binlog_checksum = CRC32',
    'log_bin_compress = OFF',
    'mysql56_temporal_format = ON',
    'column_compression_zlib_wrap = OFF',
  ],
  MySQL: ['binlog_checksum = CRC32'],
};

/** A table, and its rows as a copy has them before and after an update of all keys. */
export interface ChangedTable {
  readonly name: string;
  readonly database: string;
  readonly columns: readonly Column[];
  readonly inserted: readonly string[];
  readonly updated: readonly string[];
}

/** Tables to which rows were added, which were then updated and deleted, and the packets of the log. */
export interface Changes {
  readonly tables: readonly ChangedTable[];
  readonly packets: readonly Uint8Array[];
}

/** Changes tables on a server whose settings become those of the form. `more` are statements at the end. */
export async function changeTables(
  server: ServerName,
  own: Login,
  form: Form,
  tables: readonly TestTable[],
  more: readonly string[] = [],
): Promise<Changes> {
  await execute(own, ...[...usual[server], ...form.global].map((setting) => `set global ${setting}`));
  const login = await createDatabase(
    own,
    tables.map(({ name, create }) => `create table ${name} (id int primary key, ${create})`),
  );
  const session = [`sql_mode = ''`, `time_zone = '+00:00'`, ...(form.session ?? [])].map((setting) => `set ${setting}`);
  const config = configOf(login, { out_of_range_dates: 'text' });
  const streams = await discoverAll(config);
  let inserted: ReadonlyMap<string, readonly string[]> = new Map();
  let updated = inserted;
  const change = async () => {
    await execute(login, ...session, ...tables.map(insertText));
    inserted = await copied(streams, config);
    await execute(login, ...session, ...tables.map(({ name }) => `update ${name} set id = id + 1000 order by id`));
    updated = await copied(streams, config);
    await execute(login, ...session, ...tables.map(({ name }) => `delete from ${name} order by id`), ...more);
  };
  const packets = await packetsOf(server, login, change, { checksum: form.checksum ?? 'CRC32' });
  return {
    packets,
    tables: streams.map(({ tableName: name, schemaName: database, columns }) => ({
      ...{ name, database, columns },
      inserted: inserted.get(name) ?? [],
      updated: updated.get(name) ?? [],
    })),
  };
}

function insertText({ name, rows }: TestTable): string {
  return `insert into ${name} values ${rows.map((row, index) => `(${index}, ${row})`).join(', ')}`;
}

async function copied(
  streams: readonly MysqlStream[],
  config: MysqlConfig,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = new Map<string, readonly string[]>();
  for (const stream of streams) lines.set(stream.tableName, await linesOf(stream, config));
  return lines;
}
