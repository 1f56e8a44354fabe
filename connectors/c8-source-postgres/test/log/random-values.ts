import { Decimal, neverStop, type Row, type SourceMessage, silentLog } from 'c8connector';
import { catalogWith } from 'c8connector-sql/testing';
import { expect } from 'vitest';
import type { PostgresStream } from '../../c8_source_postgres/discover.ts';
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { configOf, createDatabase, discoverAll, type Login, rawConfigOf, rowsOfBoth } from '../harness.ts';
import { randomFrom } from './changing-table.ts';
import { follow, linesOf } from './followed.ts';
import { run } from './losing.ts';
import { randomTable } from './random-rows.ts';

/** A line of the log without its metadata columns. */
const ownPart = (line: string): string => line.replace(/,"_sdc_deleted_at":null,"_sdc_lsn":\d+\}$/, '}');

/** Reads tables of random rows with a copy, by a replication key, as typed arrays and from the log: each value must be the same. */
export async function compareWays(seed: number, tables: number): Promise<void> {
  const random = randomFrom(seed);
  const names = Array.from({ length: tables }, (_, index) => `t${index}`);
  const made = names.map((name) => randomTable(random, name, 25));
  const login = await createDatabase(made.map(({ table }) => table).join(';'));
  const streams = names.map((name) => `public-${name}`);
  const { state } = await follow(login, { streams });
  await run(login, ...made.map(({ rows }) => rows));
  const changes = await follow(login, { streams, state });
  const discovered = await discoverAll(configOf(login));
  for (const stream of discovered) {
    const shown = `${made[names.indexOf(stream.tableName)]?.table}, seed ${seed}`;
    const copied = await linesBy(login, stream.id, 'FULL_TABLE');
    expect(copied, shown).toHaveLength(25);
    expect(await linesBy(login, stream.id, 'INCREMENTAL'), shown).toEqual(copied);
    expect(changes.lines(stream.id).map(ownPart), shown).toEqual(copied);
    const { fromLines, fromColumns } = await rowsOfBoth(stream, configOf(login));
    expect(held(fromColumns, stream), shown).toEqual(held(fromLines, stream));
  }
}

/** Rows with their numbers as doubles, as typed arrays hold them: a line keeps the server's text of a double, such as 5.9e+10, which JavaScript writes differently. */
function held(rows: readonly Row[], { schema: { properties } }: PostgresStream): readonly object[] {
  const plain = (value: unknown, type: unknown): unknown => {
    const number = value instanceof Decimal && value.text.includes('e') ? Number(value.text) : value;
    return type === 'real' && typeof number === 'number' ? Math.fround(number) : number;
  };
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, plain(value, properties[name]?.['x-c8-type'])]),
    ),
  );
}

async function linesBy(login: Login, stream: string, method: string): Promise<readonly string[]> {
  const catalog = catalogWith(stream, { 'replication-method': method, 'replication-key': 'id' });
  const messages: SourceMessage[] = [];
  const request = { config: rawConfigOf(login), catalog, state: undefined, exact: 'number', log: silentLog } as const;
  for await (const message of new PostgresSource().read({ ...request, signal: neverStop().graceful }))
    messages.push(message);
  return linesOf(messages, stream);
}
