import { isDeepStrictEqual } from 'node:util';
import { bookmarkOf, type State } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { readChanges } from './read-changes.ts';
import { backendOf, openTables } from './test-tables.ts';

/** Milliseconds within which a position must come while a stream does not change. */
const followsFor = 20_000;

/** 99 */
export const idleLog: Check<SourceContext> = {
  number: 99,
  title: 'the position of a stream without changes advances with the log',
  where:
    'log.read: give { bookmark, streams } for all streams that are read also where their log holds nothing for them, at its end and every few seconds; else the server keeps its log for ever',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'idle', 'busy');
    const { select, commit } = tables;
    const [idle, busy] = tables.tables;
    const catalog = select(idle);
    await commit(idle.insert(1), busy.insert(1));
    const copy = await readChanges(context, { catalog, name: 'a read that copies a table' });
    const checkMoved = (before: State, state: State, name: string): void => {
      const bookmark = bookmarkOf(before, idle.stream);
      if (isDeepStrictEqual(bookmark, bookmarkOf(state, idle.stream)))
        throw new Finding(
          `the position of '${idle.stream}' moved on ${name}, behind the changes of a table that is not read`,
          `${shown(bookmark)} as before`,
        );
    };
    for (let id = 2; id <= 4; id += 1) await commit(busy.insert(id));
    const once = await readChanges(context, { catalog, state: copy.state, name: 'a read of an idle stream' });
    checkMoved(copy.state, once.state, 'at the end of a read');

    for (let id = 5; id <= 7; id += 1) await commit(busy.insert(id));
    const followed = await readChanges(context, {
      catalog,
      state: once.state,
      followsFor,
      name: 'a read that follows an idle stream',
      onMessage(message, stop) {
        if (message.type !== 'STATE') return;
        if (!isDeepStrictEqual(bookmarkOf(message.value, idle.stream), bookmarkOf(once.state, idle.stream))) stop();
      },
    });
    checkMoved(once.state, followed.state, `within ${followsFor / 1000} s while it is followed`);
  },
};
