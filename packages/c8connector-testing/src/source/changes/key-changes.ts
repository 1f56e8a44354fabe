import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { checkLogged, checkSeen } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { isDeleted, rowsOf, textOf } from './rows-read.ts';
import { backendOf, openTables } from './test-tables.ts';

/** 90 */
export const keyChanges: Check<SourceContext> = {
  number: 90,
  title: 'a change of a key is a delete of the old key and an insert of the new one',
  where: 'log.read: an update whose key columns differ from those of the row before it',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'keys');
    const { catalog, commit } = tables;
    const [table] = tables.tables;
    await commit(table.insert(1), table.insert(2));
    const first = await readChanges(context, { catalog, name: 'a read that copies a table' });
    const copied = table.logged.length;
    await commit(table.update(1, { id: 10, name: 'moved' }));
    // The old key belongs to another row now.
    await commit(table.insert(1), table.update(2, { id: 20 }));
    const name = 'a read of changed keys';
    const second = await readChanges(context, { catalog, state: first.state, name });
    const gone = rowsOf(second.messages, table.stream).find(({ row }) => isDeleted(row) && textOf(row.id) === '1');
    if (gone === undefined)
      throw new Finding(
        `a delete of the key 1 of '${table.stream}', which an update has changed to 10`,
        shown(rowsOf(second.messages, table.stream).map(({ row: { id, _sdc_deleted_at: at } }) => ({ id, at }))),
      );
    checkLogged(second.messages, table, table.logged.slice(copied), name);
    checkSeen([...first.messages, ...second.messages], table, name);
  },
};
