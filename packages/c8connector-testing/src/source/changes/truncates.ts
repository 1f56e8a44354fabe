import type { SourceMessage } from 'c8connector';
import { type Check, Finding } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { checkSeen } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { rowsOf } from './rows-read.ts';
import { backendOf, openTables } from './test-tables.ts';

/** 92 */
export const truncates: Check<SourceContext> = {
  number: 92,
  title: 'a truncate is a new version of the stream, and its ACTIVATE_VERSION comes before the rows after it',
  where: 'log.read: { stream, truncated: true } where the log says that the table was emptied',
  async run(context) {
    await using tables = await openTables(context, backendOf(context, 'truncate'), 'truncated', 'beside');
    const { catalog, commit } = tables;
    const [table, beside] = tables.tables;
    await commit(table.insert(1), table.insert(2), beside.insert(1));
    const first = await readChanges(context, { catalog, name: 'a read that copies two tables' });
    await commit(table.insert(3), beside.insert(2));
    await commit(table.truncate());
    await commit(table.insert(4), beside.insert(3));
    const second = await readChanges(context, { catalog, state: first.state, name: 'a read of a truncate' });
    const version = checkActivated(second.messages, table.stream, lastVersion(first.messages, table.stream));
    if (lastVersion(second.messages, beside.stream) !== lastVersion(first.messages, beside.stream))
      throw new Finding(`the version of '${beside.stream}', which was not truncated, as it was`, 'another one');
    await commit(table.insert(5));
    const third = await readChanges(context, { catalog, state: second.state, name: 'a read after a truncate' });
    const later = lastVersion(third.messages, table.stream);
    if (later !== version)
      throw new Finding(
        `the version ${version} of '${table.stream}', of its truncate, also in the next read`,
        `${later}`,
      );
    for (const one of [table, beside])
      checkSeen([...first.messages, ...second.messages, ...third.messages], one, 'a truncate');
  },
};

/** The version of the last rows of a stream; 0 when there are none. */
function lastVersion(messages: readonly SourceMessage[], stream: string): number {
  return rowsOf(messages, stream).at(-1)?.version ?? 0;
}

/** Checks that a truncate activated a new version before the row after it. Returns the version. */
function checkActivated(messages: readonly SourceMessage[], stream: string, before: number): number {
  const at = messages.findIndex(
    (message) => message.type === 'ACTIVATE_VERSION' && message.stream === stream && message.version > before,
  );
  const activated = messages[at];
  if (activated?.type !== 'ACTIVATE_VERSION')
    throw new Finding(`ACTIVATE_VERSION of '${stream}' with a version above ${before} for its truncate`, 'none');
  const after = rowsOf(messages.slice(at), stream);
  if (after.length !== 1 || after[0]?.version !== activated.version)
    throw new Finding(
      `one row of '${stream}' with the version ${activated.version} after ACTIVATE_VERSION: the other one was inserted before the truncate`,
      `${after.length} rows, the last with the version ${after.at(-1)?.version}`,
    );
  return activated.version;
}
