import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { checkLogged, checkSeen } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { rowsOf, textOf } from './rows-read.ts';
import { backendOf, openTables } from './test-tables.ts';

/** 91 */
export const absentColumns: Check<SourceContext> = {
  number: 91,
  title: 'a column that the log does not contain is absent from the row of an update, and null means null',
  where: 'log.read: omit what the log omits, such as a large value that did not change; use null only for null',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'absent');
    const { catalog, commit } = tables;
    const [table] = tables.tables;
    const note = largeText();
    await commit(table.insert(1, { note }), table.insert(2));
    const first = await readChanges(context, { catalog, name: 'a read that copies a table' });
    const copied = table.logged.length;
    await commit(table.update(1, { name: 'changed' }), table.update(2, { name: null }));
    await commit(table.update(2, { note: null }));
    const name = 'a read of updates';
    const second = await readChanges(context, { catalog, state: first.state, name });
    for (const { row } of rowsOf(second.messages, table.stream)) {
      if (textOf(row.id) === '1' && row.note === null)
        throw new Finding(
          `an update of '${table.stream}' without note, or with its value: it has ${note.length} letters and did not change`,
          'note is null',
        );
    }
    checkNull(rowsOf(second.messages, table.stream)[1], table.stream);
    checkLogged(second.messages, table, table.logged.slice(copied), name);
    checkSeen([...first.messages, ...second.messages], table, name);
  },
};

function checkNull(read: ReturnType<typeof rowsOf>[number] | undefined, stream: string): void {
  if (read !== undefined && textOf(read.row.id) === '2' && !Object.hasOwn(read.row, 'name'))
    throw new Finding(
      `name of '${stream}' as null after an update that sets it to null`,
      `no name in ${shown(read.row)}`,
    );
}

/** Hardly compressible, so that a server stores it outside of its row. */
function largeText(): string {
  let seed = 1;
  const letter = (): string => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCharCode(97 + (seed % 26));
  };
  return Array.from({ length: 16_000 }, letter).join('');
}
