import { ProtocolError } from '../interface/errors.ts';
import { skipSpace, skipString, skipValue } from './scan.ts';

/** Old column name to new one, for the columns that must be renamed. */
export type Renames = ReadonlyMap<string, string>;

interface Rename {
  readonly from: string;
  /** The old and the new name, as JSON strings in UTF-8. */
  readonly fromBytes: Uint8Array;
  readonly toBytes: Uint8Array;
}

/** The same newline-delimited objects under the new names of `reservedNames`; values are copied byte for byte. */
export function renameLines(lines: Uint8Array, renames: Renames): Uint8Array {
  if (renames.size === 0) return lines;
  const wanted = [...renames].map(([from, to]) => ({ from, fromBytes: json(from), toBytes: json(to) }));
  const places = renamedKeys(lines, wanted);
  const growth = places.reduce((sum, { rename, start, end }) => sum + rename.toBytes.length - (end - start), 0);
  const renamed = new Uint8Array(lines.length + growth);
  let read = 0;
  let write = 0;
  for (const { rename, start, end } of places) {
    renamed.set(lines.subarray(read, start), write);
    write += start - read;
    renamed.set(rename.toBytes, write);
    write += rename.toBytes.length;
    read = end;
  }
  renamed.set(lines.subarray(read), write);
  return renamed;
}

function json(text: string): Uint8Array {
  return Buffer.from(JSON.stringify(text));
}

interface Place {
  readonly rename: Rename;
  readonly start: number;
  readonly end: number;
}

function renamedKeys(lines: Uint8Array, wanted: readonly Rename[]): Place[] {
  const places: Place[] = [];
  const length = lines.length;
  let at = skipSpace(lines, 0, length);
  while (at < length) {
    if (lines[at] !== 0x7b) throw invalid(lines, at);
    at = skipSpace(lines, at + 1, length);
    while (lines[at] !== 0x7d) {
      if (lines[at] !== 0x22) throw invalid(lines, at);
      const end = skipString(lines, at, length);
      if (end < 0) throw invalid(lines, at);
      const rename = wanted.find((each) => isKey(lines, at, end, each));
      if (rename !== undefined) places.push({ rename, start: at, end });
      const colon = skipSpace(lines, end, length);
      const next = lines[colon] === 0x3a ? skipValue(lines, skipSpace(lines, colon + 1, length), length) : -1;
      if (next < 0) throw invalid(lines, at);
      at = skipSpace(lines, next, length);
      if (lines[at] === 0x7d) break;
      if (lines[at] !== 0x2c) throw invalid(lines, at);
      at = skipSpace(lines, at + 1, length);
      if (lines[at] === 0x7d) throw invalid(lines, at);
    }
    at = skipSpace(lines, at + 1, length);
  }
  return places;
}

function isKey(lines: Uint8Array, start: number, end: number, { from, fromBytes }: Rename): boolean {
  const length = end - start;
  let same = 0;
  while (same < length && lines[start + same] === fromBytes[same]) same++;
  if (same === length) return length === fromBytes.length;
  // Other programs may write a key with escapes, such as "\u005fid".
  if (lines[start + same] !== 0x5c) return false;
  return JSON.parse(Buffer.from(lines.subarray(start, end)).toString()) === from;
}

function invalid(lines: Uint8Array, offset: number): ProtocolError {
  const line = lines.subarray(0, offset).reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 1);
  return new ProtocolError(`line ${line} of a batch is not a JSON object`, { code: 'line_invalid', details: { line } });
}
