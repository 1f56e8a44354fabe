import { type ByteBuffer, putUint32, reserve } from '../byte-buffer.ts';
import type { Leaf } from './leaf.ts';

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
    for (let index = from; index < to; index++) writeByteArray(out, leaf, index);
  }
}

/** Writes one value in the encoding PLAIN: an entry of a dictionary. */
export function writePlainValue(out: ByteBuffer, leaf: Leaf, index: number): void {
  if (leaf.width === 0) {
    writeByteArray(out, leaf, index);
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

/** Up to this length a loop is faster than a copy, which needs an object for what it copies. */
const shortCopy = 64;

function writeByteArray(out: ByteBuffer, leaf: Leaf, index: number): void {
  const source = leaf.bytes;
  const start = index === 0 ? 0 : (leaf.ends[index - 1] ?? 0);
  const end = leaf.ends[index] ?? 0;
  const bytes = reserve(out, 4 + end - start);
  let next = out.length + 4;
  putUint32(bytes, out.length, end - start);
  out.length = next + end - start;
  if (end - start > shortCopy) {
    bytes.set(source.subarray(start, end), next);
    return;
  }
  for (let byte = start; byte < end; byte++) bytes[next++] = source[byte] ?? 0;
}
