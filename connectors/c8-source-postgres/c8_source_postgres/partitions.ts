import type { Partition, PartitionContext, SessionPartitions } from 'c8connector';
import { type KeyValues, rangesBetween } from 'c8connector-sql';
import type { PostgresConfig } from './config.ts';
import type { LentConnection } from './connection.ts';
import type { PostgresStream } from './discover.ts';
import { translateError } from './errors.ts';
import { type KeyColumn, ownKey } from './key-columns.ts';
import { lockTable } from './lock-table.ts';
import { setRolePath } from './own-query.ts';
import type { ConnectionPool } from './pool.ts';
import { quoteIdentifier } from './quote.ts';
import { relationSize } from './relation-size.ts';
import { tableText } from './select-text.ts';

type Context = PartitionContext<PostgresConfig, ConnectionPool>;

/** Sampled blocks for each range: enough rows for ranges of about the same size. */
const sampledBlocks = 40;

/**
 * The ranges in which a table is copied: by its key or, if the config says so or there is none, by its blocks within one snapshot. [] for what is copied in one piece: views, foreign tables, and
 * tables with at most one block for each range.
 */
export async function partitions(
  stream: PostgresStream,
  context: Context,
): Promise<readonly Partition[] | SessionPartitions> {
  const { config, resource, signal } = context;
  if (config.partitions === 1 || !['r', 'm', 'p'].includes(stream.kind)) return [];
  const key = config.consistency === 'ranges' ? ownKey(stream) : undefined;
  try {
    if (key === undefined) return await resource.sessions.plan(signal, (one) => blockRanges(one, stream, context));
    await using connection = await resource.lend(signal, 'read committed');
    const ranges = await keyRanges(connection, stream, key, context);
    await connection.giveBack();
    return ranges;
  } catch (error) {
    throw translateError(error, config, stream.id);
  }
}

async function blockRanges(
  { client, awaiting }: LentConnection,
  stream: PostgresStream,
  { config, log }: Context,
): Promise<readonly Partition[]> {
  // A transaction that truncates or rewrites the table must wait until it is copied.
  await awaiting(lockTable(client, stream, Object.keys(stream.schema.properties), { settings: [], log }));
  const { largest, isHeap } = await awaiting(relationSize(client, stream));
  const count = isHeap ? Math.min(config.partitions, largest) : 1;
  const borders = Array.from({ length: count - 1 }, (_, index) => Math.floor((largest * (index + 1)) / count));
  return rangesBetween(borders);
}

async function keyRanges(
  { client, server, awaiting }: LentConnection,
  stream: PostgresStream,
  key: readonly KeyColumn[],
  { config, log }: Context,
): Promise<readonly Partition[]> {
  const { blocks } = await awaiting(relationSize(client, stream));
  const count = Math.min(config.partitions, blocks);
  if (count < 2) return [];
  const names = key.map(({ name }) => name);
  await awaiting(lockTable(client, stream, names, { settings: [setRolePath], log }));
  const percent = Math.min(100, (100 * sampledBlocks * count) / blocks);
  const { rows } = await awaiting(
    client.query<string[]>({ text: bordersText(stream, names, { count, percent }), rowMode: 'array' }),
  );
  const borders = rows
    .slice(1)
    .filter((values) => !server.hasNoEncoding || !values.some((value) => value.includes('\ufffd')))
    .map((values): KeyValues => Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])));
  return rangesBetween(borders);
}

/** The first key of each of this many equal parts, from a sample of the blocks. */
function bordersText(
  stream: PostgresStream,
  names: readonly string[],
  { count, percent }: { readonly count: number; readonly percent: number },
): string {
  const key = names.map(quoteIdentifier).join(', ');
  const texts = names.map((name) => `s.${quoteIdentifier(name)}::pg_catalog.text`).join(', ');
  const ordered = names.map((name) => `s.${quoteIdentifier(name)}`).join(', ');
  const part = `pg_catalog.ntile(${count}) over (order by ${key}) as "c8 part"`;
  const sample = `select ${key}, ${part} from ${tableText(stream)} tablesample system (${percent})`;
  return `select distinct on (s."c8 part") ${texts} from (${sample}) s order by s."c8 part", ${ordered}`;
}
