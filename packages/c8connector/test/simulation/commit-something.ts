import { changeRow, type Database, rowIds, type Table, type TableRow } from './database.ts';
import { appendCommit, type LogChange } from './database-log.ts';
import type { Random } from './random.ts';

type Change = Omit<LogChange, 'number'>;

/** Commits some changes of the tables with a log, now and then more than a page holds. Returns how many. */
export function commitSomething(database: Database, random: Random, deletes: number): number {
  const [first, ...others] = [...database.tables.values()].filter(({ kind }) => kind.method === 'LOG_BASED');
  if (first === undefined) return 0;
  const changes: Change[] = [];
  const count = 1 + random.below(random.chance(0.1) ? 20 : 3);
  while (changes.length < count)
    changes.push(...changeTable(database, random.pick([first, ...others]), random, deletes));
  appendCommit(database.log, changes);
  return changes.length;
}

function changeTable(database: Database, table: Table, random: Random, deletes: number): readonly Change[] {
  if (deletes > 0 && random.chance(0.02)) return [truncate(database, table)];
  if (random.chance(0.03)) changeColumns(table);
  const id = random.below(rowIds);
  const row = table.rows.get(id);
  if (row === undefined) return [insert(database, table, { id })];
  if (random.chance(deletes)) return [remove(database, table, id)];
  const free = random.below(rowIds);
  if (random.chance(0.1) && !table.rows.has(free))
    return [remove(database, table, id), insert(database, table, { ...row, id: free })];
  return [update(database, table, row, random)];
}

/** Adds a column, which no row has a value of yet, or drops it. A log says so with the next row. */
export function changeColumns(table: Table): void {
  table.hasExtraColumn = !table.hasExtraColumn;
  for (const [id, { extra: _, ...row }] of table.rows) table.rows.set(id, row);
}

function insert(database: Database, table: Table, given: Pick<TableRow, 'id'> & Partial<TableRow>): Change {
  const value = database.step + 1;
  const extra = table.hasExtraColumn ? { extra: value } : {};
  return put(database, table, { note: value, ...given, at: Date.now(), value, ...extra }, {});
}

/** An update that leaves a column as it is does not have it in the log. */
function update(database: Database, table: Table, before: TableRow, random: Random): Change {
  const value = database.step + 1;
  const note = random.chance(0.5) ? { note: value } : {};
  const extra = table.hasExtraColumn && random.chance(0.5) ? { extra: value } : {};
  return put(database, table, { id: before.id, at: Date.now(), value, ...note, ...extra }, before);
}

function put(database: Database, table: Table, row: TableRow, before: Partial<TableRow>): Change {
  changeRow(database, table, row.id, { ...before, ...row });
  return { ...changeOf(table), kind: 'row', row: { ...row, at: row.at ?? 0 } };
}

function remove(database: Database, table: Table, id: number): Change {
  changeRow(database, table, id, undefined);
  return { ...changeOf(table), kind: 'delete', row: { id } };
}

function truncate(database: Database, table: Table): Change {
  for (const id of [...table.rows.keys()]) changeRow(database, table, id, undefined);
  return { ...changeOf(table), kind: 'truncate', row: {} };
}

function changeOf({ id, hasExtraColumn }: Table): Pick<Change, 'stream' | 'hasExtraColumn'> {
  return { stream: id, hasExtraColumn };
}
