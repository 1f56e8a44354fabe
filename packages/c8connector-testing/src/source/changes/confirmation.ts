import { isDeepStrictEqual } from 'node:util';
import { bookmarkOf, type Catalog, type State, withBookmark } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import type { ChangesBackend } from './changes-backend.ts';
import { checkLogged } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import type { TestTable } from './test-table.ts';
import { backendOf, openTables, type TestTables } from './test-tables.ts';

/** Seconds for which the log is followed, so that a timer of the source fires. */
const followSeconds = 1;
/** Seconds within which durable positions must be confirmed. */
const confirmSeconds = 20;

/** 97 */
export const confirmation: Check<SourceContext> = {
  number: 97,
  title: 'only what is durable for every stream is confirmed to the server, and all of it is',
  where:
    'log.read: confirm the lowest of the positions that durable() returns, rounded down to whole transactions, including those of streams that this read does not read; confirm nothing while it returns undefined',
  timeout: 100,
  async run(context) {
    const backend = backendOf(context);
    await using tables = await openTables(context, backend, 'durable', 'beside');
    const { catalog, commit } = tables;
    const [table, beside] = tables.tables;
    await commit(table.insert(1), beside.insert(1));
    const { state } = await readChanges(context, { catalog, name: 'a read that copies two tables' });
    await keepWhatIsNotDurable(context, backend, tables, state);
    const newest = await keepWholeTransactions(context, backend, tables, state);
    await checkConfirmed(context, backend, { catalog, state: newest });
  },
};

async function keepWhatIsNotDurable(
  context: SourceContext,
  backend: ChangesBackend,
  tables: TestTables<readonly [TestTable, TestTable]>,
  oldest: State,
): Promise<void> {
  const { catalog, select } = tables;
  const [table, beside] = tables.tables;
  const lagging = (state: State): State => withBookmark(state, table.stream, bookmarkOf(oldest, table.stream) ?? {});
  const follow = followOf(context, backend, tables);
  const before = await backend.confirmed?.();
  let newest = await follow(oldest, catalog, async () => undefined);
  const after = await backend.confirmed?.();
  if (!isDeepStrictEqual(before, after))
    throw new Finding(`the server still at ${shown(before)} while nothing is durable`, `at ${shown(after)}`);
  newest = await follow(newest, catalog, async () => oldest);
  // First the other stream is far ahead, then it is the only one that is read.
  newest = await follow(newest, catalog, async () => lagging(newest));
  await follow(lagging(newest), select(beside), async () => lagging(newest));
  const name = 'a read from the oldest STATE that was durable';
  const { messages } = await readChanges(context, { catalog, state: oldest, name });
  for (const one of tables.tables) checkLogged(messages, one, one.logged.slice(1), name);
}

/** Checks confirmations while the first STATE of a transaction, which may be inside it, is durable and the read continues. Returns the newest STATE. */
async function keepWholeTransactions(
  context: SourceContext,
  backend: ChangesBackend,
  tables: TestTables<readonly [TestTable, TestTable]>,
  oldest: State,
): Promise<State> {
  const { catalog, commit } = tables;
  const [table, beside] = tables.tables;
  const { state } = await readChanges(context, { catalog, state: oldest, name: 'a read of changes' });
  await commit(...[101, 102, 103, 104].flatMap((id) => [table.insert(id), beside.insert(id)]));
  const read = await readChanges(context, { catalog, state, name: 'a read of a transaction' });
  const at = read.messages.findIndex(({ type }) => type === 'STATE');
  const first = read.messages[at];
  if (first?.type !== 'STATE') throw new Finding('a STATE of a read of a transaction', 'none');
  const marks = tables.tables.map((one) => one.logged.length);
  await followOf(context, backend, tables)(read.state, catalog, async () => first.value);
  const name = 'a read from the first STATE of a transaction, which was durable';
  const resumed = await readChanges(context, { catalog, state: first.value, name });
  for (const [index, one] of tables.tables.entries()) {
    const counts = read.messages
      .slice(at)
      .flatMap((message) => (message.type === 'RECORDS' && message.stream === one.stream ? message.count : []));
    const rows = counts.reduce((sum, count) => sum + count, 0);
    checkLogged(resumed.messages, one, one.logged.slice((marks[index] ?? 0) - rows), name);
  }
  return resumed.state;
}

/** Changes both tables and follows the log for a while. Returns the state after it. */
function followOf(
  context: SourceContext,
  { confirmsWithin = followSeconds }: ChangesBackend,
  { tables, commit }: TestTables,
) {
  const followsFor = 1000 * confirmsWithin;
  return async (state: State, catalog: Catalog, durable: () => Promise<State | undefined>): Promise<State> => {
    await commit(...tables.map((table) => table.insert(1000 + table.logged.length)));
    const name = 'a read that follows the log';
    return (await readChanges(context, { catalog, state, durable, followsFor, name })).state;
  };
}

/** Checks that the log is confirmed once all of it is durable: otherwise the server would keep it forever. */
async function checkConfirmed(
  context: SourceContext,
  backend: ChangesBackend,
  { catalog, state }: { readonly catalog: Catalog; readonly state: State },
): Promise<void> {
  if (backend.confirmed === undefined) {
    context.note('97 what is durable was not seen to be confirmed: changes has no confirmed');
    return;
  }
  const before = await backend.confirmed();
  let isConfirmed = false;
  await readChanges(context, {
    catalog,
    state,
    durable: async () => state,
    followsFor: 1000 * confirmSeconds,
    name: 'a read of an idle log',
    async isOver() {
      isConfirmed = !isDeepStrictEqual(before, await backend.confirmed?.());
      return isConfirmed;
    },
  });
  if (!isConfirmed)
    throw new Finding(
      `what is durable confirmed to the server within ${confirmSeconds} s, so that it can forget its log`,
      `it stands at ${shown(before)} as before`,
    );
}
