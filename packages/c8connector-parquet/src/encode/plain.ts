import { type ByteBuffer, putUint32, reserve } from '../byte-buffer.ts';
import { copySlack, type Leaf } from './leaf.ts';

/** Writes the values from `from` to before `to` in the encoding PLAIN. */
export function writePlain(out: ByteBuffer, leaf: Leaf, from: number, to: number): void {
  if (leaf.width > 0) {
    const size = leaf.width * 4;
    const bytes = new Uint8Array(leaf.words.buffer, from * size, (to - from) * size);
    reserve(out, bytes.length).set(bytes, out.length);
    out.length += bytes.length;
  } else if (leaf.column.type.physical === 'boolean') {
    writeBooleans(out, leaf.bytes, from, to);
  } else {
    writeByteArrays(out, leaf, from, to);
  }
}

/** Writes one value in the encoding PLAIN: an entry of a dictionary. */
export function writePlainValue(out: ByteBuffer, leaf: Leaf, index: number): void {
  if (leaf.width === 0) {
    writeByteArrays(out, leaf, index, index + 1);
    return;
  }
  reserve(out, leaf.width * 4);
  for (let word = 0; word < leaf.width; word++) {
    putUint32(out.bytes, out.length, leaf.words[index * leaf.width + word] ?? 0);
    out.length += 4;
  }
}

/** Eight to a byte, the first in the lowest bit. */
function writeBooleans(out: ByteBuffer, values: Uint8Array, from: number, to: number): void {
  const count = (to - from + 7) >>> 3;
  const bytes = reserve(out, count).fill(0, out.length, out.length + count);
  for (let index = from; index < to; index++) {
    const offset = index - from;
    const byte = out.length + (offset >>> 3);
    bytes[byte] = (bytes[byte] ?? 0) | ((values[index] ?? 0) << (offset & 7));
  }
  out.length += count;
}

/** Longer values are copied by the engine, which needs a view object for each copy. */
const shortCopy = 128;

/** Writes each value after its length. Four bytes are copied at once, which may write up to three bytes too many: the next value overwrites them, or they are after the end. */
function writeByteArrays(out: ByteBuffer, { bytes: source, ends }: Leaf, from: number, to: number): void {
  let start = from === 0 ? 0 : (ends[from - 1] ?? 0);
  const bytes = reserve(out, 4 * (to - from) + (ends[to - 1] ?? 0) - start + copySlack);
  const target = new DataView(bytes.buffer);
  const view = new DataView(source.buffer);
  let next = out.length;
  for (let index = from; index < to; index++) {
    const end = ends[index] ?? 0;
    target.setInt32(next, end - start, true);
    next += 4;
    if (end - start > shortCopy) bytes.set(source.subarray(start, end), next);
    else for (let at = start; at < end; at += 4) target.setInt32(next + at - start, view.getInt32(at, true), true);
    next += end - start;
    start = end;
  }
  out.length = next;
}
