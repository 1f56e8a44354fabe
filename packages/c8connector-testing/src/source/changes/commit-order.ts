import type { Check } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { checkLogged } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { backendOf, openTables } from './test-tables.ts';

/** Number of consecutive commits that change one row. */
const updates = 20;

/** 87 */
export const commitOrder: Check<SourceContext> = {
  number: 87,
  title: 'each change comes once, in the order of the commits and of the changes inside them',
  where: 'log.read: the order of its rows; changes to the same row, and changes to other streams between them',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'order', 'beside');
    const { catalog, commit } = tables;
    const [table, beside] = tables.tables;
    const { state } = await readChanges(context, { catalog, name: 'a read of two empty tables' });
    await commit(table.insert(2), beside.insert(1), table.insert(1));
    await commit(beside.update(1, { name: 'changed' }));
    await commit(table.update(1, { name: 'first' }), table.update(2, { name: 'second' }), table.delete(1));
    await commit(table.insert(1, { name: 'again' }), beside.insert(2));
    for (let count = 1; count <= updates; count += 1) await commit(table.update(2, { name: `update ${count}` }));
    const name = 'a read of their changes';
    const { messages } = await readChanges(context, { catalog, state, name });
    for (const one of tables.tables) checkLogged(messages, one, one.logged, name);
  },
};
