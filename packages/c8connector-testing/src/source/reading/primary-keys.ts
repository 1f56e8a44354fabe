import type { Row, Value } from 'c8connector';
import { parseValue, selectStreams, streamMetadata, stringifyValue } from 'c8connector';
import { type Check, Finding, NotRunnable, shortened } from '../../check.ts';
import { isNumeric, shortestNumber } from '../../values/exact-number.ts';
import { linesOf } from '../recording/recording.ts';
import type { SourceContext } from '../source-context.ts';

/** 37 */
export const primaryKeys: Check<SourceContext> = {
  number: 37,
  title: 'each record has its key, and no two records of a read have the same key',
  where: 'keyProperties of the streams, and page boundaries that repeat a row',
  async run(context) {
    const catalog = await context.catalog();
    const logs = new Set(
      selectStreams(catalog)
        .filter(isLog)
        .map((entry) => entry.tap_stream_id),
    );
    const seen = new Map<string, Map<string, number>>();
    const keys = new Map<string, readonly string[]>();
    let isSome = false;
    for (const message of (await context.read()).messages) {
      if (message.type === 'SCHEMA') keys.set(message.stream, message.keyProperties);
      const own = message.type === 'STATE' ? [] : (keys.get(message.stream) ?? []);
      if (own.length > 0) isSome = true;
      if (message.type !== 'RECORDS' || own.length === 0) continue;
      const { stream } = message;
      const numbers = seen.get(stream) ?? new Map<string, number>();
      seen.set(stream, numbers);
      for (const line of linesOf(message)) checkKey(line, { stream, keys: own, numbers, isLog: logs.has(stream) });
    }
    if (!isSome) throw new NotRunnable('no stream has a primary key');
  },
};

interface Keyed {
  readonly stream: string;
  readonly keys: readonly string[];
  /** Number of the record that has a key, by key. */
  readonly numbers: Map<string, number>;
  readonly isLog: boolean;
}

function checkKey(line: string, { stream, keys, numbers, isLog: repeats }: Keyed): void {
  const row = parseValue(line) as Row;
  const number = numbers.size + 1;
  const absent = keys.find((key) => (row[key] ?? null) === null);
  if (absent !== undefined)
    throw new Finding(`record ${number} of '${stream}' with its key '${absent}'`, shortened(line));
  const text = keyText(line, keys);
  const before = numbers.get(text);
  if (before !== undefined && !repeats)
    throw new Finding(
      `stream '${stream}': each key once`,
      `record ${number} has the key of record ${before}: ${shortened(stringifyValue(keys.map((key) => row[key])))}`,
    );
  // In a log, several rows of one key are allowed.
  numbers.set(before === undefined ? text : `${text} ${number}`, number);
}

function isLog(entry: Parameters<typeof streamMetadata>[0]): boolean {
  const metadata = streamMetadata(entry);
  return (metadata['forced-replication-method'] ?? metadata['replication-method']) === 'LOG_BASED';
}

/** The key of a line as text, equal for equal keys; numbers are compared by value. */
export function keyText(line: string, keys: readonly string[]): string {
  const row = parseValue(line) as Row;
  return stringifyValue(keys.map((key) => canonical(row[key] ?? null)));
}

function canonical(value: Value): Value {
  return isNumeric(value) ? shortestNumber(value) : value;
}
