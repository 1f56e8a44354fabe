import type { SourceMessage } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { checkLogged, checkSeen } from './expected-rows.ts';
import { readChanges } from './read-changes.ts';
import { rowsOf, textOf } from './rows-read.ts';
import { backendOf, openTables } from './test-tables.ts';

const added = 'email';

/** 93 */
export const schemaChanges: Check<SourceContext> = {
  number: 93,
  title:
    'a column that is added while the log is read is in one new SCHEMA before the rows that have it; older rows keep the old SCHEMA',
  where:
    'log.read: { stream, schema } when the columns change, and at the beginning if the columns at the bookmark differ from what discover finds now',
  async run(context) {
    await using tables = await openTables(context, backendOf(context, 'addColumn'), 'altered');
    const { catalog, commit } = tables;
    const [table] = tables.tables;
    await commit(table.insert(1));
    const first = await readChanges(context, { catalog, name: 'a read that copies a table' });
    const copied = table.logged.length;
    await commit(table.insert(2));
    await commit(table.addColumn(added));
    await commit(table.insert(3, { [added]: 'three' }), table.update(1, { [added]: 'one' }));
    await commit(table.insert(4, { [added]: 'four' }));
    const name = 'a read of an added column';
    const second = await readChanges(context, { catalog, state: first.state, name });
    checkSchemas(second.messages, table.stream);
    checkLogged(second.messages, table, table.logged.slice(copied), name);
    await commit(table.insert(5, { [added]: 'five' }));
    const third = await readChanges(context, { catalog, state: second.state, name: 'a read after it' });
    checkSeen([...first.messages, ...second.messages, ...third.messages], table, 'a column was added');
  },
};

function checkSchemas(messages: readonly SourceMessage[], stream: string): void {
  for (const { row, schema } of rowsOf(messages, stream)) {
    const isOlder = textOf(row.id) === '2';
    if (isOlder === Object.hasOwn(schema.properties, added))
      throw new Finding(
        isOlder
          ? `row 2 of '${stream}' under its SCHEMA without ${added}, which was added after it`
          : `row ${textOf(row.id)} of '${stream}' after a SCHEMA with ${added}, which was added before it`,
        `a SCHEMA with ${shown(Object.keys(schema.properties))}`,
      );
  }
  const schemas = messages.filter((message) => message.type === 'SCHEMA' && message.stream === stream).length;
  if (schemas > 2) throw new Finding(`one SCHEMA of '${stream}' for a column that was added once`, `${schemas - 1}`);
}
