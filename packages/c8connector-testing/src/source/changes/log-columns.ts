import type { ValueSchema } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';
import { readChanges } from './read-changes.ts';
import { type ReadRow, rowsOf, sequenceOf } from './rows-read.ts';
import { backendOf, openTables } from './test-tables.ts';

const types: Readonly<Record<string, string>> = { _sdc_deleted_at: 'string', _sdc_sequence: 'integer' };

/** 88 */
export const logColumns: Check<SourceContext> = {
  number: 88,
  title: 'each row of a copy and of its log has _sdc_deleted_at and a _sdc_sequence above those before it, as declared',
  where: 'SCHEMA and rows of a stream that is read LOG_BASED; defineSource adds both columns',
  async run(context) {
    await using tables = await openTables(context, backendOf(context), 'columns');
    const { catalog, commit } = tables;
    const [table] = tables.tables;
    await commit(table.insert(1), table.insert(2));
    const first = await readChanges(context, { catalog, name: 'a read that copies a table' });
    await commit(table.update(1, { name: 'changed' }), table.insert(3), table.delete(2));
    const second = await readChanges(context, { catalog, state: first.state, name: 'a read of its changes' });
    await commit(table.delete(3));
    const third = await readChanges(context, { catalog, state: second.state, name: 'another read of its changes' });
    const read = [first, second, third].flatMap(({ messages }) => rowsOf(messages, table.stream));
    let before: bigint | undefined;
    for (const row of read) before = checkRow(row, table.stream, before);
  },
};

/** Throws a Finding when a row lacks a column of a log. Returns its number. */
function checkRow({ row, schema }: ReadRow, stream: string, before: bigint | undefined): bigint {
  for (const [column, type] of Object.entries(types)) {
    const declared: ValueSchema | undefined = schema.properties[column];
    if (declared === undefined || ![declared.type].flat().includes(type))
      throw new Finding(`${column} in the SCHEMA of '${stream}', as ${type}`, shown(declared ?? 'no such column'));
    if (!Object.hasOwn(row, column)) throw new Finding(`${column} in each row of '${stream}'`, shown(row));
  }
  const { _sdc_deleted_at: at } = row;
  if (at !== null && !(typeof at === 'string' && Number.isFinite(Date.parse(at))))
    throw new Finding(`null or a time in ISO 8601 as _sdc_deleted_at of '${stream}'`, shown(at));
  const sequence = sequenceOf(row);
  if (sequence === undefined || (before !== undefined && sequence <= before))
    throw new Finding(
      `a whole number as _sdc_sequence of '${stream}'${before === undefined ? '' : ` that is above ${before}, that of the row before`}`,
      shown(row),
    );
  return sequence;
}
