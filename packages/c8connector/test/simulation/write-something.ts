import { commitSomething } from './commit-something.ts';
import { changeRow, type Database, rowIds, type Table } from './database.ts';
import { appendCommit } from './database-log.ts';
import type { Random } from './random.ts';

/** Inserts, updates or deletes one row of some table, or commits several changes of those with a log. Returns how many changes it were. */
export function writeSomething(database: Database, random: Random, deletes = 0.2): number {
  const [first, ...others] = database.tables.values();
  if (first === undefined) return 0;
  const table = random.pick([first, ...others]);
  if (table.kind.method === 'LOG_BASED') return commitSomething(database, random, deletes);
  writeRow(database, table, random, deletes);
  // The log speaks of this one too, and nobody reads it there.
  appendCommit(database.log, []);
  return 1;
}

function writeRow(database: Database, table: Table, random: Random, deletes: number): void {
  const id = random.below(rowIds);
  const isThere = table.rows.has(id);
  if (isThere && random.chance(deletes)) {
    changeRow(database, table, id, undefined);
    return;
  }
  const late = random.chance(0.3) ? (random.chance(0.5) ? database.lateness : random.below(database.lateness)) : 0;
  const at = Math.floor((Date.now() - late) / database.precision) * database.precision;
  const before = table.rows.get(id)?.at;
  // An update never lowers the key of its row, nor takes it away.
  const key = typeof before !== 'number' && random.chance(0.1) ? null : Math.max(at, before ?? 0);
  changeRow(database, table, id, { id, at: key, value: database.step + 1 });
}
