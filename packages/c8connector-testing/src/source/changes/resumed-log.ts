import { type SourceMessage, type State, stringifyValue } from 'c8connector';
import { type Check, Finding, shortened, shown } from '../../check.ts';
import { sampled } from '../resuming/resume.ts';
import type { SourceContext } from '../source-context.ts';
import { checkSeen } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { rowsOf, withoutSequence } from './rows-read.ts';
import { backendOf, openTables, type TestTables } from './test-tables.ts';

/** Milliseconds in which further states are tried. */
const milliseconds = 5000;
const fewest = 10;

/** 96 */
export const resumedLog: Check<SourceContext> = {
  number: 96,
  title: 'a read from any STATE of a log returns everything after it, each change once',
  where:
    'log.read: bookmarks come after their rows and name all streams; inside a transaction they count the changes that were yielded',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'resumed', 'beside');
    const { catalog, commit } = tables;
    const [table, beside] = tables.tables;
    await commit(...Array.from({ length: 20 }, (_, index) => table.insert(100 + index)), beside.insert(100));
    const copy = await readChanges(context, { catalog, name: 'a read that copies two tables' });
    await resumeCopy(context, tables, copy.messages);
    for (const id of [1, 11, 21]) {
      await commit(
        ...[table.insert(id), beside.insert(id), table.insert(id + 1), table.insert(id + 2), beside.insert(id + 1)],
        ...[table.update(id, { id: id + 3 }), table.delete(id + 1), beside.update(id, { name: 'changed' })],
      );
      await commit(table.update(id + 2, { name: 'changed' }));
    }
    const log = await readChanges(context, { catalog, state: copy.state, name: 'a read of changes' });
    await resumeLog(context, tables, log.messages);
  },
};

/** Calls a function with each STATE and the messages before and after it. */
async function eachState(
  messages: readonly SourceMessage[],
  visit: (state: State, place: number, name: string) => Promise<void>,
): Promise<void> {
  const places = messages.flatMap((message, index) => (message.type === 'STATE' ? [index] : []));
  const started = Date.now();
  for (const [index, place] of sampled(places).entries()) {
    if (index >= fewest && Date.now() - started > milliseconds) return;
    const message = messages[place];
    const name = `a read from STATE ${places.indexOf(place) + 1} of ${places.length}`;
    if (message?.type === 'STATE') await visit(message.value, place, name);
  }
}

async function resumeCopy(
  context: SourceContext,
  { catalog, tables }: TestTables,
  messages: readonly SourceMessage[],
): Promise<void> {
  await eachState(messages, async (state, place, name) => {
    const resumed = await readChanges(context, { catalog, state, name: `${name} of a copy` });
    const all = [...messages.slice(0, place), ...resumed.messages];
    for (const table of tables) checkSeen(all, table, `${name} of a copy`);
  });
}

async function resumeLog(
  context: SourceContext,
  { catalog, tables }: TestTables,
  messages: readonly SourceMessage[],
): Promise<void> {
  await eachState(messages, async (state, place, name) => {
    const resumed = await readChanges(context, { catalog, state, name });
    for (const { stream } of tables) {
      const wanted = textsOf(messages.slice(place), stream);
      const found = textsOf(resumed.messages, stream);
      const index = Array.from({ length: Math.max(wanted.length, found.length) }).findIndex(
        (_, at) => wanted[at] !== found[at],
      );
      if (index < 0) continue;
      const isTwice = textsOf(messages.slice(0, place), stream).includes(found[index] ?? '');
      throw new Finding(
        `the ${wanted.length} rows of '${stream}' that came after it, in ${name}`,
        `${found.length}; row ${index + 1} is ${shortened(found[index] ?? 'missing')}${isTwice ? ', which came before it' : ''}; the state is ${shown(state)}`,
      );
    }
  });
}

function textsOf(messages: readonly SourceMessage[], stream: string): string[] {
  return rowsOf(messages, stream).map(({ row }) => stringifyValue(withoutSequence(row)));
}
