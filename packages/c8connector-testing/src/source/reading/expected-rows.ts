import { Decimal, parseValue, type Row, stringifyValue, type Value } from 'c8connector';
import { type Check, Finding, NotRunnable, shortened } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';

/** 50 */
export const expectedRows: Check<SourceContext> = {
  number: 50,
  title: 'the expected rows are read, with all their digits',
  where: 'how read converts values: numbers that went through a double, dates, texts, null and NaN',
  async run(context) {
    const { expected } = context;
    if (expected === undefined || Object.keys(expected).length === 0)
      throw new NotRunnable(
        "no rows are given: expected: { 'stream-id': [{ id: 9007199254740993n, amount: new Decimal('0.10') }] }",
      );
    const { lines, capped } = await context.read();
    for (const [stream, wanted] of Object.entries(expected)) {
      const read = lines.get(stream);
      if (read === undefined) throw new Error(`the option expected names the unknown stream ${stream}`);
      const rows = [...read.keys()].map((line) => parseValue(line) as Row);
      for (const row of wanted) {
        if (rows.some((each) => differing(row, each).length === 0)) continue;
        if (capped.has(stream))
          throw new NotRunnable(
            `'${stream}' holds more rows than were read: raise recordCap above ${context.recordCap}`,
          );
        throw new Finding(...comparison(stream, row, rows));
      }
    }
  },
};

/** The most similar row, and how its first wrong value differs. */
function comparison(stream: string, wanted: Row, rows: readonly Row[]): [expected: string, found: string] {
  const [nearest] = rows
    .map((row) => ({ row, columns: differing(wanted, row) }))
    .sort((one, other) => one.columns.length - other.columns.length);
  const column = nearest?.columns[0];
  if (nearest === undefined || column === undefined || nearest.columns.length === Object.keys(wanted).length)
    return [`stream '${stream}': ${shortText(wanted)}`, `none of ${rows.length} records is alike`];
  return [
    `stream '${stream}': '${column}' as ${shortText(wanted[column] ?? null)} in ${shortText(wanted)}`,
    nearest.row[column] === undefined ? 'it is absent' : difference(wanted[column], nearest.row[column]),
  ];
}

function differing(wanted: Row, row: Row): string[] {
  return Object.keys(wanted).filter(
    (column) => !Object.hasOwn(row, column) || exactText(wanted[column] ?? null) !== exactText(row[column] ?? null),
  );
}

/** The JSON of a value with every digit unchanged, and with the members of objects sorted. */
function exactText(value: Value): string {
  return stringifyValue(sorted(value));
}

function sorted(value: Value): Value {
  if (typeof value !== 'object' || value === null || value instanceof Decimal) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}

/** Long texts from the position where they differ. */
function difference(wanted: Value | undefined, found: Value): string {
  const [one, other] = [exactText(wanted ?? null), exactText(found)];
  if (other.length <= 200) return other;
  const start = [...one].findIndex((letter, index) => letter !== other[index]);
  const at = start < 0 ? Math.min(one.length, other.length) : start;
  return `${other.length} characters, other from character ${at + 1}: ${other.slice(Math.max(0, at - 20), at + 100)}…`;
}

function shortText(value: Value): string {
  return shortened(exactText(value));
}
