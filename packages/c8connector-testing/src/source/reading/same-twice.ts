import { isDeepStrictEqual } from 'node:util';
import type { SchemaMessage } from 'c8connector';
import { type Check, Finding, shortened } from '../../check.ts';
import type { Recording } from '../recording/recording.ts';
import { countRows, type Table } from '../recording/tables.ts';
import type { SourceContext } from '../source-context.ts';
import { keyText } from './primary-keys.ts';

/** 38 */
export const sameTwice: Check<SourceContext> = {
  number: 38,
  title: 'two full reads return the same schemas and the same records',
  where: 'what read takes from clocks, random numbers, unstable formats, or an earlier read',
  async run({ read, readAgain }) {
    const first = await read();
    const second = await readAgain();
    for (const stream of first.lines.keys()) {
      if (!isDeepStrictEqual(schemasOf(first, stream), schemasOf(second, stream)))
        throw new Finding(`the same SCHEMAs of '${stream}'`, 'others in the second read');
      const [lines, again] = [linesIn(first, stream), linesIn(second, stream)];
      if (first.capped.has(stream) || second.capped.has(stream)) {
        compareParts(stream, keysOf(first, stream), lines, again);
        continue;
      }
      const [one, other] = [countRows(lines), countRows(again)];
      if (one !== other)
        throw new Finding(`stream '${stream}': ${one} records, as in the first read`, `${other} in the second`);
      const line = [...lines].find(([text, count]) => again.get(text) !== count)?.[0];
      if (line !== undefined)
        throw new Finding(
          `stream '${stream}': the same records twice`,
          `only in one read, or another number of times: ${shortened(line)}`,
        );
    }
  },
};

/** Compares the rows that both reads of a long stream contain: each read only a part, in any order. */
function compareParts(stream: string, keys: readonly string[], lines: Table, again: Table): void {
  if (keys.length === 0) return;
  const known = new Map([...lines.keys()].map((line) => [keyText(line, keys), line]));
  for (const line of again.keys()) {
    const before = known.get(keyText(line, keys));
    if (before !== undefined && before !== line)
      throw new Finding(`stream '${stream}': the same record twice, ${shortened(before)}`, shortened(line));
  }
}

function linesIn({ lines }: Recording, stream: string): Table {
  return lines.get(stream) ?? new Map();
}

function keysOf({ messages }: Recording, stream: string): readonly string[] {
  return (
    messages.find((message): message is SchemaMessage => message.type === 'SCHEMA' && message.stream === stream)
      ?.keyProperties ?? []
  );
}

function schemasOf({ messages }: Recording, stream: string): unknown[] {
  return messages.filter((message) => message.type === 'SCHEMA' && message.stream === stream);
}
