import { type ByteBuffer, reserve, writeByte, writeVarint } from '../byte-buffer.ts';

/** The bits that `max` needs; at least 1, since some readers do not accept a width of 0 for the indexes of a dictionary. */
export function bitWidth(max: number): number {
  return Math.max(1, 32 - Math.clz32(max));
}

/** The most groups of eight values in a packed run, so that its header is one byte. */
const mostGroups = 63;

/** The fewest equal values that are worth a run of their own. */
const shortestRun = 8;

/** Writes the values from `from` to before `to` in Parquet's hybrid of run-length encoding and bit-packing. `width` is 1 to 16. */
export function writeHybrid(
  out: ByteBuffer,
  values: Uint8Array | Uint16Array,
  from: number,
  to: number,
  width: number,
): void {
  let index = from;
  while (index < to) {
    const run = runLength(values, index, to);
    if (run >= shortestRun) {
      writeVarint(out, run * 2);
      writeByte(out, values[index] ?? 0);
      if (width > 8) writeByte(out, (values[index] ?? 0) >>> 8);
      index += run;
    } else {
      index = writePacked(out, values, index, to, width);
    }
  }
}

function runLength(values: Uint8Array | Uint16Array, from: number, to: number): number {
  const value = values[from];
  let end = from + 1;
  while (end < to && values[end] === value) end++;
  return end - from;
}

/** Writes one packed run, up to the next group that begins a run of equal values. Returns the index of the value after it; the last group is padded with zeros. */
function writePacked(
  out: ByteBuffer,
  values: Uint8Array | Uint16Array,
  from: number,
  to: number,
  width: number,
): number {
  const bytes = reserve(out, 1 + mostGroups * width);
  const header = out.length;
  let next = header + 1;
  let groups = 0;
  let index = from;
  do {
    let pending = 0;
    let bits = 0;
    for (let offset = 0; offset < 8; offset++) {
      if (index + offset < to) pending |= (values[index + offset] ?? 0) << bits;
      bits += width;
      while (bits >= 8) {
        bytes[next++] = pending;
        pending >>>= 8;
        bits -= 8;
      }
    }
    index += 8;
    groups++;
  } while (groups < mostGroups && index < to && !beginsRun(values, index, to));
  bytes[header] = groups * 2 + 1;
  out.length = next;
  return Math.min(index, to);
}

function beginsRun(values: Uint8Array | Uint16Array, from: number, to: number): boolean {
  const value = values[from];
  if (from + shortestRun > to) return false;
  for (let index = from + 1; index < from + shortestRun; index++) if (values[index] !== value) return false;
  return true;
}
