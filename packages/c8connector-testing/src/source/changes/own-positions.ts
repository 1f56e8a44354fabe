import { bookmarkOf, type State, withBookmark } from 'c8connector';
import type { Check } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { checkLogged } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import type { TestTable } from './test-table.ts';
import { backendOf, openTables } from './test-tables.ts';

/** 95 */
export const ownPositions: Check<SourceContext> = {
  number: 95,
  title: 'two streams at different positions each get all changes after their own position, and nothing else',
  where: 'log.read: begin at the lowest of the bookmarks, and skip for each stream what is not after its own',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'ahead', 'behind');
    const { catalog, commit } = tables;
    const [ahead, behind] = tables.tables;
    const first = await readChanges(context, { catalog, name: 'a read of two empty tables' });
    const states: State[] = [first.state];
    for (let id = 1; id <= 3; id += 1) {
      await commit(ahead.insert(id), behind.insert(id));
      const { state } = await readChanges(context, {
        catalog,
        state: states.at(-1),
        name: `read ${id} of their changes`,
      });
      states.push(state);
    }
    for (const [one, other] of [
      [1, 2],
      [2, 1],
      [0, 3],
    ] as const) {
      const name = `a read of '${ahead.stream}' from STATE ${one} and '${behind.stream}' from STATE ${other}`;
      const state = mixed(states[one] ?? {}, ahead, mixed(states[other] ?? {}, behind, first.state));
      const { messages } = await readChanges(context, { catalog, state, name });
      checkLogged(messages, ahead, ahead.logged.slice(one), name);
      checkLogged(messages, behind, behind.logged.slice(other), name);
    }
  },
};

/** A state with the bookmark of one stream taken from another state. */
function mixed(from: State, { stream }: TestTable, state: State): State {
  return withBookmark(state, stream, bookmarkOf(from, stream) ?? {});
}
