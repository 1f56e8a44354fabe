import type { TextEncoding } from './text-format.ts';

/** The JSON lines, unchanged. */
export const jsonLines: TextEncoding = {
  extension: 'jsonl',
  contentType: 'application/x-ndjson',
  leavesOutPathColumns: false,
  encode: (_file, batch) => batch.lines(),
};

/** One array of the objects, each on its own line. */
export const jsonArray: TextEncoding = {
  extension: 'json',
  contentType: 'application/json',
  leavesOutPathColumns: false,
  encode: (_file, batch, isFirst) => separated(batch.lines(), batch.count, isFirst ? '[\n' : ',\n'),
  end: Buffer.from('\n]\n'),
};

const newline = 0x0a;
const comma = 0x2c;

/** Puts `before` in front of the lines, commas between them, and no line break after the last one. */
function separated(lines: Uint8Array, count: number, before: string): Uint8Array {
  const from = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  const to = Buffer.allocUnsafe(before.length + lines.length + count);
  let length = to.write(before, 'latin1');
  for (let start = 0; start < from.length; ) {
    const end = from.indexOf(newline, start);
    if (start > 0) {
      to[length++] = comma;
      to[length++] = newline;
    }
    length += from.copy(to, length, start, end);
    start = end + 1;
  }
  return to.subarray(0, length);
}
