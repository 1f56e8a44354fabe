import type { State } from 'c8connector';
import { type Check, Finding } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { readChanges } from './read-changes.ts';
import { rowsOf, textOf } from './rows-read.ts';
import type { TestTable } from './test-table.ts';
import { backendOf, openTables, type TestTables } from './test-tables.ts';

/** A read that returns this many changes committed after its start has missed its end. */
const mostCommits = 50;
/** Milliseconds within which a row must come that is committed while the log is followed. */
const followsFor = 15_000;
/** Milliseconds for which a log without changes is followed. */
const isIdleFor = 500;

/** 98 */
export const logEnd: Check<SourceContext> = {
  number: 98,
  title:
    'a read of the log ends where the log ended when it began; a continuous read follows the log, and ends soon after a signal',
  where:
    'log.read: until; ask for the end of the log once, at the beginning; signal: pass it to whatever waits for a change',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'ending');
    const { catalog } = tables;
    const { state } = await readChanges(context, { catalog, name: 'a read of an empty table' });
    const ended = await endWhileOthersCommit(context, tables, state);
    await follow(context, tables, ended);
  },
};

async function endWhileOthersCommit(
  context: SourceContext,
  tables: TestTables<readonly [TestTable]>,
  state: State,
): Promise<State> {
  const { catalog, commit } = tables;
  const [table] = tables.tables;
  let id = 1;
  await commit(table.insert(id));
  const read = await readChanges(context, {
    catalog,
    state,
    name: 'a read of changes while others are committed',
    async onMessage({ type }) {
      if (type !== 'RECORDS') return;
      id += 1;
      if (id > mostCommits)
        throw new Finding(
          'a read of changes that ends where the log ended when it began',
          `it continues with ${mostCommits} changes that were committed since`,
        );
      await commit(table.insert(id));
    },
  });
  return read.state;
}

async function follow(context: SourceContext, tables: TestTables<readonly [TestTable]>, state: State): Promise<void> {
  const { catalog, commit } = tables;
  const [table] = tables.tables;
  // Existing changes come at once, and then the read waits for the change that is committed afterwards.
  await commit(table.insert(1001));
  const seen = new Set<string | undefined>();
  const { state: ended } = await readChanges(context, {
    catalog,
    state,
    followsFor,
    name: 'a read that follows the log',
    async onMessage(message, stop) {
      for (const { row } of rowsOf([message], table.stream)) {
        seen.add(textOf(row.id));
        if (textOf(row.id) === '1001') await commit(table.insert(1002));
        if (textOf(row.id) === '1002') stop();
      }
    },
  });
  if (!seen.has('1002'))
    throw new Finding(`a row that is committed while the log is followed, within ${followsFor / 1000} s`, 'none');
  await readChanges(context, { catalog, state: ended, followsFor: isIdleFor, name: 'a read that follows an idle log' });
}
