import type { RecordsMessage } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import { linesOf } from '../recording/recording.ts';
import type { SourceContext } from '../source-context.ts';

/** 36 */
export const declaredFields: Check<SourceContext> = {
  number: 36,
  title:
    'lines contain only the declared columns, in order, each once, and there are as many lines as the batch counts',
  where: 'the pages of read: rows or lines with a column that the schema of the stream lacks',
  async run({ read }) {
    for (const batch of (await read()).messages) {
      if (batch.type !== 'RECORDS') continue;
      const columns = Object.keys(batch.schema.properties);
      const lines = linesOf(batch);
      if (lines.length !== batch.count)
        throw new Finding(
          `stream '${batch.stream}': ${batch.count} lines, as the batch counts`,
          `${lines.length} lines`,
        );
      const isFree = batch.schema.additionalProperties === true && columns.length === 0;
      for (const line of lines) checkKeys(batch, isFree ? undefined : columns, topLevelKeys(line));
      // Converting rows to lines drops undeclared columns, so the original rows are checked.
      if (!isFree) for (const row of batch.rows()) checkDeclared(batch, columns, Object.keys(row));
    }
  },
};

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

/** The keys of a JSON object as they are in its text, including duplicates, which a parser would hide. */
export function topLevelKeys(line: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  let isKey = false;
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    if (token.startsWith('"')) {
      if (depth === 1 && isKey) keys.push(JSON.parse(token) as string);
      isKey = false;
      continue;
    }
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    isKey = (token === '{' || token === ',') && depth === 1;
  }
  return keys;
}
