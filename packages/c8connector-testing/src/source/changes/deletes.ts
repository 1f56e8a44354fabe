import { stringifyValue } from 'c8connector';
import { type Check, Finding, shortened, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { checkLogged } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { isDeleted, rowsOf, withoutSequence } from './rows-read.ts';
import { backendOf, openTables } from './test-tables.ts';

/** 89 */
export const deletes: Check<SourceContext> = {
  number: 89,
  title: 'a delete is a row with the key and _sdc_deleted_at, the time of its commit, the same whenever it is read',
  where:
    'log.read: of a delete the columns that identify the row, and _sdc_deleted_at from the log, not from the clock',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'deletes');
    const { catalog, commit } = tables;
    const [table] = tables.tables;
    await commit(table.insert(1), table.insert(2));
    const { state } = await readChanges(context, { catalog, name: 'a read that copies a table' });
    const copied = table.logged.length;
    await commit(table.delete(1));
    await commit(table.insert(3), table.delete(3), table.update(2, { name: 'changed' }));
    const name = 'a read of deletes';
    const first = await readChanges(context, { catalog, state, name });
    const rows = rowsOf(first.messages, table.stream).map(({ row }) => row);
    const without = rows.find((row) => isDeleted(row) && (row.id === undefined || row.id === null));
    if (without !== undefined)
      throw new Finding(`the key, id, in each row of a delete of '${table.stream}'`, shown(without));
    checkLogged(first.messages, table, table.logged.slice(copied), name);
    const second = await readChanges(context, { catalog, state, name: 'the same read again' });
    const again = rowsOf(second.messages, table.stream).map(({ row }) => stringifyValue(withoutSequence(row)));
    const other = rows.find((row, index) => stringifyValue(withoutSequence(row)) !== again[index]);
    if (other !== undefined)
      throw new Finding(
        `the same row of '${table.stream}' when its log is read again, ${shown(withoutSequence(other))}`,
        shortened(again[rows.indexOf(other)] ?? 'none'),
      );
  },
};
