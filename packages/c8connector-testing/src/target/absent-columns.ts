import { parseValue, type Row, type Value } from 'c8connector';
import { type Check, errorText, Finding, shown } from '../check.ts';
import { difference } from '../values/same-rows.ts';
import { schemaMessage, stateMessage, types } from './cases/target-case.ts';
import { type TargetContext, writeMessages } from './target-context.ts';

const columns = { id: types.id, turn: types.integer, name: types.text, note: types.text };
/** Rows as from a log. `turn` distinguishes the rows of one key. */
const first: readonly Row[] = [
  { id: 1, turn: 1, name: 'one', note: 'stays' },
  { id: 2, turn: 2, name: 'two', note: 'goes' },
];
const second: readonly Row[] = [
  { id: 1, turn: 3, name: 'one, renamed' },
  { id: 2, turn: 4, note: null },
  { id: 3, turn: 5, name: 'three', note: 'of an insert' },
  { id: 3, turn: 6, note: 'of an update in the same batch' },
];
const merged: readonly Row[] = [
  { id: 1, turn: 3, name: 'one, renamed', note: 'stays' },
  { id: 2, turn: 4, name: 'two', note: null },
  { id: 3, turn: 6, name: 'three', note: 'of an update in the same batch' },
];

/** 100 */
export const absentColumns: Check<TargetContext> = {
  number: 100,
  title: 'an absent column is unchanged, and null is null: neither becomes the other',
  where:
    'how write stores a row that lacks columns of its schema: omit the cell, change only the columns that the row has, or, if the format must fill each cell, list the others in _sdc_unchanged',
  async run(context) {
    const stream = context.streamName('absent_columns');
    const schema = schemaMessage(stream, { ...columns, _sdc_sequence: types.id });
    const state = (at: number) => stateMessage({ bookmarks: { [stream]: { at } } });
    for (const [index, rows] of [first, second].entries()) {
      const records = rows.map((row) => ({ type: 'RECORD', stream, record: { ...row, _sdc_sequence: row.turn } }));
      const messages = [schema, ...records, state(index)];
      const { failure } = await writeMessages(context.connector, await context.config(), messages, context.log);
      if (failure !== undefined)
        throw new Finding('rows that lack columns written', errorText(failure.error), { cause: failure.error });
    }
    const found = await context.readBack(stream);
    if (context.isUpsert) checkMerged(found);
    else for (const row of [...first, ...second]) checkAdded(row, found);
  },
};

/** Checks that there is one row for each key, with the last value of each column. */
function checkMerged(found: readonly Row[]): void {
  const problem = difference(merged, found);
  if (problem !== undefined)
    throw new Finding('of each key the last value that was given of each column, null where that is null', problem);
}

/** Checks that every row is kept, with the information which columns were absent. */
function checkAdded(sent: Row, found: readonly Row[]): void {
  const row = found.find(({ turn }) => String(turn) === String(sent.turn));
  if (row === undefined) throw new Finding(`the row ${shown(sent)}`, 'it is not there');
  const absent = Object.keys(columns).filter((name) => sent[name] === undefined);
  const changed = absent.find((name) => isGiven(row, name));
  if (changed !== undefined)
    throw new Finding(
      `of ${shown(sent)} no '${changed}', or '${changed}' in the list of its _sdc_unchanged`,
      `'${changed}' as ${shown(row[changed])}, which a reader takes for its value`,
    );
  const lost = Object.keys(sent).find((name) => sent[name] === null && !isGiven(row, name));
  if (lost !== undefined)
    throw new Finding(`of ${shown(sent)} '${lost}' as null`, 'it is absent, which a reader takes for unchanged');
}

/** Whether a column had a value in the row that was sent. With `_sdc_unchanged`, all columns except those that it lists. */
function isGiven(row: Row, name: string): boolean {
  const { _sdc_unchanged: unchanged } = row;
  return unchanged === undefined ? row[name] !== undefined : !listOf(unchanged).includes(name);
}

function listOf(value: Value): readonly Value[] {
  const list = typeof value === 'string' ? parseValue(value) : value;
  return Array.isArray(list) ? list : [];
}
