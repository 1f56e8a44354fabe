import type { Check } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import type { ChangesBackend } from './changes-backend.ts';
import { checkLogged, checkSeen } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { rowsOf, textOf } from './rows-read.ts';
import { openChangesRun } from './run-changes.ts';
import type { TestTable } from './test-table.ts';
import { backendOf, openTables } from './test-tables.ts';

/** 94 */
export const joiningStream: Check<SourceContext> = {
  number: 94,
  title:
    'a stream that joins is copied and followed from its own position, and the other stream continues from its own',
  where: 'log.begin for a stream that joins; log.read: begin at the lowest of the bookmarks, whichever stream has it',
  async run(context) {
    const backend = backendOf(context);
    await joinProgram(context, backend);
    await joinRun(context, backend);
  },
};

async function joinProgram(context: SourceContext, backend: ChangesBackend): Promise<void> {
  await using tables = await openTables(context, backend, 'first', 'joining');
  const { catalog, commit } = tables;
  const [first, joining] = tables.tables;
  await commit(first.insert(1), joining.insert(1), joining.insert(2));
  const alone = await readChanges(context, { catalog: tables.select(first), name: 'a read of one stream' });
  const copied = first.logged.length;
  await commit(first.insert(2), joining.update(1, { name: 'before it joins' }));
  let isCopied = false;
  const name = 'a read that another stream joins';
  const joined = await readChanges(context, {
    catalog,
    state: alone.state,
    name,
    async onMessage(message) {
      if (isCopied || message.type !== 'RECORDS' || message.stream !== joining.stream) return;
      isCopied = true;
      await commit(first.insert(3), joining.insert(3));
    },
  });
  await commit(first.insert(4), joining.delete(2));
  const after = await readChanges(context, { catalog, state: joined.state, name: 'a read of both' });
  const messages = [...joined.messages, ...after.messages];
  checkLogged(messages, first, first.logged.slice(copied), `${name}, and the next one`);
  checkSeen(messages, joining, `${name}, and the next one`);
}

/** The same in a run that follows an endless log: the read of the first stream is ended, and restarted with both. */
async function joinRun(context: SourceContext, backend: ChangesBackend): Promise<void> {
  if (context.connector.open === undefined) return;
  await using tables = await openTables(context, backend, 'first_in_run', 'joining_run');
  const { commit } = tables;
  const [first, joining] = tables.tables;
  await commit(first.insert(1), joining.insert(1));
  const seen = new Set<string>();
  const { messages, go } = openChangesRun(context, {
    async onMessage(message) {
      for (const table of tables.tables)
        for (const { row } of rowsOf([message], table.stream)) seen.add(`${table.stream} ${textOf(row.id)}`);
      if (message.type !== 'ACTIVATE_VERSION' || message.stream !== joining.stream || joining.rows.has(3)) return;
      await commit(first.insert(3), joining.insert(3));
    },
  });
  await go({ name: 'a run of one stream', catalog: tables.select(first) });
  await commit(first.insert(2), joining.insert(2));
  const isSeen = ({ stream, rows }: TestTable): boolean => [...rows.keys()].every((id) => seen.has(`${stream} ${id}`));
  const name = 'a run that another stream joins while it follows the log';
  await go({ name, catalog: tables.catalog, isOver: () => joining.rows.has(3) && tables.tables.every(isSeen) });
  for (const table of tables.tables) checkSeen(messages, table, name);
}
