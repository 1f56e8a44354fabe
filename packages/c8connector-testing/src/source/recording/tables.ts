import type { SourceMessage } from 'c8connector';
import { contentsOf } from './recording.ts';

/** The lines of a stream and how often each occurred. */
export type Table = ReadonlyMap<string, number>;

/** How many rows a table has. */
export function countRows(table: Table | undefined): number {
  let rows = 0;
  for (const count of table?.values() ?? []) rows += count;
  return rows;
}

/**
 * The content of each stream in a target after these messages: the lines of the newest version, and those without a version. When a run continues with the version
 * of an earlier one, these are the lines of both runs; when it begins a new version, only its own.
 */
export function tablesAfter(messages: Iterable<SourceMessage>): ReadonlyMap<string, Table> {
  const tables = new Map<string, { version: number; lines: Map<string, number>; others: Map<string, number> }>();
  const tableOf = (stream: string) => {
    const table = tables.get(stream) ?? { version: Number.NEGATIVE_INFINITY, lines: new Map(), others: new Map() };
    tables.set(stream, table);
    return table;
  };
  for (const message of messages) {
    if (message.type !== 'RECORDS' && message.type !== 'ACTIVATE_VERSION') continue;
    const table = tableOf(message.stream);
    if (message.version !== undefined && message.version > table.version) {
      table.version = message.version;
      table.lines = new Map();
    }
    if (message.type !== 'RECORDS' || (message.version !== undefined && message.version < table.version)) continue;
    const counts = message.version === undefined ? table.others : table.lines;
    for (const line of contentsOf(message)) counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return new Map([...tables].map(([stream, { lines, others }]) => [stream, added(lines, others)]));
}

/** A line that occurs more often in `wanted` than in `found`, and the number of such lines; undefined when there are none. */
export function missingLine(
  wanted: ReadonlyMap<string, Table>,
  found: ReadonlyMap<string, Table>,
): { readonly stream: string; readonly line: string; readonly count: number; readonly of: number } | undefined {
  for (const [stream, lines] of wanted) {
    const got = found.get(stream);
    let [count, of] = [0, 0];
    let first: string | undefined;
    for (const [line, times] of lines) {
      of += times;
      const lacking = times - (got?.get(line) ?? 0);
      if (lacking <= 0) continue;
      count += lacking;
      first ??= line;
    }
    if (first !== undefined) return { stream, line: first, count, of };
  }
  return undefined;
}

function added(one: Table, other: Table): Table {
  const sum = new Map(one);
  for (const [line, count] of other) sum.set(line, (sum.get(line) ?? 0) + count);
  return sum;
}
