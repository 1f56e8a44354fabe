import type { Check } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import type { ChangesBackend } from './changes-backend.ts';
import { checkSeen } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { openChangesRun } from './run-changes.ts';
import type { TestTable } from './test-table.ts';
import { backendOf, openTables, type TestTables } from './test-tables.ts';

/** 86 */
export const noGap: Check<SourceContext> = {
  number: 86,
  title: 'there is no gap between a copy and the log: changes before, during and after the copy are all read',
  where:
    'log.begin: the end of the log before the copy, from which on the server must keep it; log.read: begin at the bookmarks that it is given',
  async run(context) {
    const backend = backendOf(context);
    await copyByProgram(context, backend);
    await copyByRun(context, backend);
  },
};

async function copyByProgram(context: SourceContext, backend: ChangesBackend): Promise<void> {
  await using tables = await openTables(context, backend, 'gap');
  const [table] = tables.tables;
  await tables.commit(table.insert(1), table.insert(2), table.insert(3));
  const changes = changesAround(tables, table);
  const catalog = tables.catalog;
  const name = 'a read that copies it';
  const first = await readChanges(context, { catalog, name, onMessage: ({ type }) => changes.at(type) });
  await changes.at('the end');
  const second = await readChanges(context, {
    catalog,
    state: first.state,
    name: 'a read that continues with its log',
  });
  checkSeen([...first.messages, ...second.messages], table, 'a copy and two reads of its log');
}

async function copyByRun(context: SourceContext, backend: ChangesBackend): Promise<void> {
  if (context.connector.open === undefined) return;
  await using tables = await openTables(context, backend, 'gap_in_run');
  const [table] = tables.tables;
  await tables.commit(table.insert(1), table.insert(2), table.insert(3));
  const changes = changesAround(tables, table);
  const { messages, go } = openChangesRun(context, {
    onBegun: () => changes.at('begin'),
    onMessage: ({ type }) => changes.at(type),
  });
  const { catalog } = tables;
  await go({ name: 'a run that copies it', catalog });
  await changes.at('the end');
  await go({ name: 'a run that continues with its log', catalog });
  checkSeen(messages, table, 'a run that copies it and another one that reads its log');
}

/** Changes of a table at certain points of a read: each is made once, when its point is reached. */
function changesAround({ commit }: TestTables, table: TestTable) {
  const reached = new Set<string>();
  const late: Promise<void>[] = [];
  return {
    async at(place: string): Promise<void> {
      if (reached.has(place)) return;
      reached.add(place);
      const id = 10 * reached.size;
      await commit(table.insert(id), table.update(1, { name: `at ${place}` }));
      if (place === 'RECORDS') await commit(table.delete(2), table.update(3, { note: 'while it is copied' }));
      // A transaction that is open while the read continues.
      const underWay = commit(table.insert(id + 1), table.insert(id + 2));
      // It is awaited at the end.
      underWay.catch(() => undefined);
      late.push(underWay);
      if (place === 'the end') await Promise.all(late);
    },
  };
}
