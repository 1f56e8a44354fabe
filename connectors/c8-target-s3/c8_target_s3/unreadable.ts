import { createReadStream } from 'node:fs';
import type { StreamFile } from './format.ts';

interface Unreadable {
  /** Undefined when the line is too broken to know. */
  readonly column: string | undefined;
  /** `id=7`, '' when it is not known. */
  readonly key: string;
  /** Ends a sentence about the row. */
  readonly reason: string;
}

/** The first line of a file of rows that a strict reader of JSON refuses, and why. */
export async function findUnreadable(file: StreamFile): Promise<Unreadable | undefined> {
  for await (const line of linesOf(file.path)) {
    const found = inspect(line, file);
    if (found) return found;
  }
  return undefined;
}

function inspect(line: Buffer, { keyProperties }: StreamFile): Unreadable | undefined {
  const text = line.toString('utf8');
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return { column: undefined, key: '', reason: 'it is not JSON' };
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    return { column: undefined, key: '', reason: 'it is not a JSON object' };
  }
  const values = new Map<string, unknown>(Object.entries(row));
  const key = keyProperties.map((name) => `${name}=${String(values.get(name))}`).join(', ');
  const repeated = repeatedKey(text);
  if (repeated !== undefined) return { column: repeated, key, reason: 'it has the column twice' };
  const isUtf8 = Buffer.from(text).equals(line);
  for (const [column, value] of values) {
    const json = JSON.stringify([column, value]);
    if (!isUtf8 && json.includes('\uFFFD')) return { column, key, reason: 'its text is not UTF-8' };
    // JSON.stringify escapes a surrogate only when it stands alone
    if (/(?<!\\)(\\\\)*\\ud[89a-f]/.test(json)) return { column, key, reason: 'its text has half of a surrogate pair' };
  }
  return isUtf8 ? undefined : { column: undefined, key, reason: 'its text is not UTF-8' };
}

async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let started: Buffer[] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...started, chunk.subarray(start, end)]);
      started = [];
      start = end + 1;
    }
    started.push(chunk.subarray(start));
  }
}

/** The first key that stands twice in a JSON object, looking at its own keys only. The text must be valid JSON. */
function repeatedKey(object: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  let isKey = false;
  for (const [token] of object.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    if (token === '{' || token === '[') {
      depth += 1;
      isKey = depth === 1;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      isKey = false;
    } else if (token === ',') {
      isKey = depth === 1;
    } else if (isKey) {
      isKey = false;
      const key: unknown = JSON.parse(token);
      if (typeof key !== 'string') continue;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}
