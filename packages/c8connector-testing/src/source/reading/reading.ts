import { isDeepStrictEqual } from 'node:util';
import type { RecordsMessage, SchemaMessage, SourceMessage } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import { linesOf, type Recording } from '../recording/recording.ts';
import type { SourceContext } from '../source-context.ts';
import { keyText } from './key-text.ts';
import { topLevelKeys } from './top-level-keys.ts';

/** 34 */
export const schemaFirst: Check<SourceContext> = {
  number: 34,
  title: 'SCHEMA stands before the first record of its stream',
  where: 'the order of the messages of read',
  async run({ read }) {
    const { messages } = await read();
    const known = new Map<string, SchemaMessage>();
    for (const [index, message] of messages.entries()) {
      if (message.type === 'SCHEMA') known.set(message.stream, message);
      if (message.type !== 'RECORDS') continue;
      const schema = known.get(message.stream);
      if (schema === undefined)
        throw new Finding(
          `SCHEMA of '${message.stream}' before its records`,
          `message ${index + 1} is its RECORDS, without one before`,
        );
      if (!isDeepStrictEqual(schema.schema, message.schema)) {
        throw new Finding(
          `batches of '${message.stream}' with the schema of the last SCHEMA`,
          `message ${index + 1} has another`,
        );
      }
    }
  },
};

/** 36 */
export const declaredFields: Check<SourceContext> = {
  number: 36,
  title: 'lines hold the declared columns only, in their order, each once, and as many lines as the batch counts',
  where: 'the pages of read: rows or lines with a column that the schema of the stream lacks',
  async run({ read }) {
    for (const batch of batches((await read()).messages)) {
      const columns = Object.keys(batch.schema.properties);
      const lines = linesOf(batch);
      if (lines.length !== batch.count)
        throw new Finding(
          `stream '${batch.stream}': ${batch.count} lines, as the batch counts`,
          `${lines.length} lines`,
        );
      const isFree = batch.schema.additionalProperties === true && columns.length === 0;
      for (const line of lines) checkKeys(batch, isFree ? undefined : columns, topLevelKeys(line));
      // Making lines of rows leaves undeclared columns out, so rows are looked at as they came.
      if (!isFree) for (const row of batch.rows()) checkDeclared(batch, columns, Object.keys(row));
    }
  },
};

/** 38 */
export const sameTwice: Check<SourceContext> = {
  number: 38,
  title: 'two full reads give the same schemas and the same records',
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
      const [one, other] = [total(lines), total(again)];
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

/** Of long streams each read has seen a part, in any order: what both have seen must be the same. */
function compareParts(stream: string, keys: readonly string[], lines: Lines, again: Lines): void {
  if (keys.length === 0) return;
  const known = new Map([...lines.keys()].map((line) => [keyText(line, keys), line]));
  for (const line of again.keys()) {
    const before = known.get(keyText(line, keys));
    if (before !== undefined && before !== line)
      throw new Finding(`stream '${stream}': the same record twice, ${shortened(before)}`, shortened(line));
  }
}

type Lines = ReadonlyMap<string, number>;

function linesIn({ lines }: Recording, stream: string): Lines {
  return lines.get(stream) ?? new Map();
}

function keysOf({ messages }: Recording, stream: string): readonly string[] {
  return (
    messages.find((message): message is SchemaMessage => message.type === 'SCHEMA' && message.stream === stream)
      ?.keyProperties ?? []
  );
}

function batches(messages: readonly SourceMessage[]): RecordsMessage[] {
  return messages.filter((message) => message.type === 'RECORDS');
}

function checkKeys(batch: RecordsMessage, columns: readonly string[] | undefined, keys: readonly string[]): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined)
    throw new Finding(`stream '${batch.stream}': each column once in a line`, `'${twice}' twice`);
  if (columns === undefined) return;
  checkDeclared(batch, columns, keys);
  const ordered = columns.filter((column) => keys.includes(column));
  if (ordered.some((column, index) => keys[index] !== column)) {
    throw new Finding(`stream '${batch.stream}': lines in the order of the schema, ${shown(ordered)}`, shown(keys));
  }
}

function checkDeclared(batch: RecordsMessage, columns: readonly string[], keys: readonly string[]): void {
  const undeclared = keys.find((key) => !columns.includes(key));
  if (undeclared !== undefined)
    throw new Finding(`stream '${batch.stream}': only the columns ${shown(columns)}`, `column '${undeclared}'`);
}

function schemasOf({ messages }: Recording, stream: string): unknown[] {
  return messages.filter((message) => message.type === 'SCHEMA' && message.stream === stream);
}

function total(lines: ReadonlyMap<string, number>): number {
  return [...lines.values()].reduce((sum, count) => sum + count, 0);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}
