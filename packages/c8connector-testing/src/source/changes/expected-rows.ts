import type { Row, SourceMessage } from 'c8connector';
import { Finding, shown } from '../../check.ts';
import { isDeleted, rowsOf, tableSeen, textOf, withoutSequence } from './rows-read.ts';
import type { LoggedRow, TestTable } from './test-table.ts';

/** Throws a Finding when the rows do not add up to the content of the table. */
export function checkSeen(messages: readonly SourceMessage[], table: TestTable, name: string): void {
  const { stream, rows } = table;
  const seen = tableSeen(messages, stream);
  const of = `'${stream}' after ${name}`;
  for (const [id, row] of rows) {
    const found = seen.get(String(id));
    if (found === undefined) throw new Finding(`a row ${id} of ${of}, as its table has`, 'none');
    const column = differing(row, found);
    if (column !== undefined)
      throw new Finding(
        `row ${id} of ${of} with ${column} ${shown(row[column])}, as its table has`,
        column in found ? shown(found[column]) : `no ${column}`,
      );
  }
  const extra = [...seen.keys()].find((key) => !rows.has(Number(key)));
  if (extra !== undefined)
    throw new Finding(`no row ${extra} of ${of}, which its table does not have`, shown(seen.get(extra)));
}

/** Throws a Finding when the rows of a stream are not the changes in its log, in the same order. */
export function checkLogged(
  messages: readonly SourceMessage[],
  { stream }: TestTable,
  wanted: readonly LoggedRow[],
  name: string,
): void {
  const rows = rowsOf(messages, stream).map(({ row }) => row);
  const of = `'${stream}' in ${name}`;
  for (const [index, change] of wanted.entries()) {
    const row = rows[index];
    const place = `row ${index + 1} of ${wanted.length} of ${of}`;
    if (row === undefined) throw new Finding(`${place}: ${described(change)}`, `${rows.length} rows`);
    if (!isOf(row, change)) throw new Finding(`${place}: ${described(change)}`, shown(withoutSequence(row)));
  }
  if (rows.length > wanted.length)
    throw new Finding(
      `${wanted.length} rows of ${of}, one a change`,
      `${rows.length}; the first beyond them is ${shown(rows[wanted.length])}`,
    );
}

function isOf(row: Row, { id, isDeleted: isGone, set }: LoggedRow): boolean {
  if (textOf(row.id) !== String(id) || isDeleted(row) !== isGone) return false;
  return isGone || differing(set, row) === undefined;
}

/** A column whose value in a row is wrong; columns without an expected value are ignored. */
function differing(wanted: LoggedRow['set'], row: Row): string | undefined {
  return Object.entries(wanted).find(([column, value]) => textOf(value) !== textOf(row[column]))?.[0];
}

function described({ id, isDeleted: isGone, set }: LoggedRow): string {
  return isGone ? `the delete of ${id}, with _sdc_deleted_at` : `${id} as ${shown(set)}`;
}
