import type { Partition, PartitionContext } from 'c8connector';
import { type KeyValues, rangesBetween } from 'c8connector-sql';
import type { MysqlConfig } from './config.ts';
import type { LentConnection } from './connection.ts';
import type { MysqlStream } from './discover.ts';
import { translateError } from './errors.ts';
import { type KeyColumn, ownKey } from './key-columns.ts';
import { keyPlan, type Slice } from './key-plan.ts';
import { lockTable } from './lock-table.ts';
import type { ConnectionPool } from './pool.ts';
import { keyIndex } from './relation-size.ts';
import { slicesOf } from './slices.ts';

type Context = PartitionContext<MysqlConfig, ConnectionPool>;

/** The fewest rows of a range. */
const fewestRows = 100;

/** The ranges of its key in which a table is copied. [] for what is copied in one piece: views, tables without an ordered key, and small ones. */
export async function partitions(stream: MysqlStream, context: Context): Promise<readonly Partition[]> {
  const { config, resource, signal, log } = context;
  const key = ownKey(stream);
  if (config.partitions === 1 || stream.isView || key === undefined) return [];
  try {
    await using connection = await resource.lend(signal, 'statement');
    const names = key.map(({ name }) => name);
    await lockTable(connection, stream, names, { log });
    const ranges = rangesBetween(await bordersOf(connection, stream, { key, count: config.partitions }));
    await connection.giveBack();
    return ranges;
  } catch (error) {
    throw translateError(error, config, stream.id);
  }
}

/** The first key of each range but the first one. */
async function bordersOf(
  connection: LentConnection,
  stream: MysqlStream,
  { key, count }: { readonly key: readonly KeyColumn[]; readonly count: number },
): Promise<readonly KeyValues[]> {
  const index = await connection.awaiting(keyIndex(connection, stream));
  if (index?.isTree !== true) return [];
  const plan = await keyPlan(connection, stream, { key, index: index.name });
  const [first, last] = [await plan.end({}, 'first'), await plan.end({}, 'last')];
  if (first === undefined || last === undefined) return [];
  const whole = await plan.estimated({ from: undefined, before: undefined, first, last });
  const ranges = Math.min(count, Math.floor(whole.rows / fewestRows));
  if (ranges < 2) return [];
  return closestBorders(await slicesOf(plan, whole, ranges), ranges);
}

/** Of the borders between the slices, those that come closest to equal ranges. */
function closestBorders(slices: readonly Slice[], ranges: number): readonly KeyValues[] {
  const total = slices.reduce((sum, { rows }) => sum + rows, 0);
  const borders: KeyValues[] = [];
  let before = 0;
  for (const { from, rows } of slices) {
    const wanted = ((borders.length + 1) * total) / ranges;
    if (from !== undefined && borders.length < ranges - 1 && before + rows / 2 >= wanted) borders.push(from);
    before += rows;
  }
  return borders;
}
