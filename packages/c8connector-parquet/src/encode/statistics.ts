import { newByteBuffer } from '../byte-buffer.ts';
import type { Leaf } from './leaf.ts';
import { compareByteArrays, isLessDecimal128, isLessInt64 } from './order.ts';
import { writePlainValue } from './plain.ts';

/** The lowest and the highest value, encoded like an entry of a dictionary but without a length. */
export interface Bounds {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

/** Longer byte arrays have no bounds: a shortened one would be valid, but some readers treat bounds as existing values. */
const longestBound = 256;

/**
 * Bounds of the values of a column, in the order that the format defines for its type. `among` are the indexes of the values to compare, if not all.
 * Undefined when there is nothing to compare, when one of them is NaN, and when a bound is too long.
 */
export function boundsOf(leaf: Leaf, among?: Int32Array): Bounds | undefined {
  if (leaf.values === 0) return undefined;
  switch (leaf.column.type.physical) {
    case 'boolean':
      return booleanBounds(leaf);
    case 'int32':
      return numberBounds(leaf, leaf.words, among);
    case 'float':
      return numberBounds(leaf, new Float32Array(leaf.words.buffer), among);
    case 'double':
      return numberBounds(leaf, new Float64Array(leaf.words.buffer, 0, leaf.words.length >>> 1), among);
    case 'int64':
      return wordBounds(leaf, isLessInt64, among);
    case 'fixedLengthByteArray':
      return wordBounds(leaf, isLessDecimal128, among);
    case 'byteArray':
      return byteArrayBounds(leaf, among);
  }
}

function booleanBounds({ bytes, values }: Leaf): Bounds {
  const stored = bytes.subarray(0, values);
  return { min: Uint8Array.of(stored.includes(0) ? 0 : 1), max: Uint8Array.of(stored.includes(1) ? 1 : 0) };
}

/**
 * NaN is not part of the order, but some readers order it: DuckDB treats it as the greatest value, and the bounds of the other values would make it skip rows. A zero may be either one, so the
 * lowest is written as -0 and the highest as +0.
 */
function numberBounds(
  leaf: Leaf,
  numbers: Int32Array | Float32Array | Float64Array,
  among: Int32Array | undefined,
): Bounds | undefined {
  const count = among?.length ?? leaf.values;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index++) {
    const value = numbers[among === undefined ? index : (among[index] ?? 0)] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (numbers instanceof Int32Array) return { min: bytesOf(Int32Array.of(min)), max: bytesOf(Int32Array.of(max)) };
  if (min > max || hasNaN(numbers, leaf.values)) return undefined;
  const bounds = [min === 0 ? -0 : min, max === 0 ? 0 : max];
  const [least, greatest] = bounds.map((bound) =>
    bytesOf(numbers instanceof Float32Array ? Float32Array.of(bound) : Float64Array.of(bound)),
  );
  return least && greatest && { min: least, max: greatest };
}

function hasNaN(numbers: Float32Array | Float64Array, count: number): boolean {
  for (let index = 0; index < count; index++) if (Number.isNaN(numbers[index])) return true;
  return false;
}

function bytesOf(array: Int32Array | Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer);
}

function wordBounds(
  leaf: Leaf,
  isLess: (words: Int32Array, one: number, other: number) => boolean,
  among: Int32Array | undefined,
): Bounds {
  const count = among?.length ?? leaf.values;
  const { words, width } = leaf;
  let min = (among?.[0] ?? 0) * width;
  let max = min;
  for (let index = 1; index < count; index++) {
    const value = (among === undefined ? index : (among[index] ?? 0)) * width;
    if (isLess(words, value, min)) min = value;
    else if (isLess(words, max, value)) max = value;
  }
  return { min: valueBytes(leaf, min / width), max: valueBytes(leaf, max / width) };
}

function valueBytes(leaf: Leaf, value: number): Uint8Array {
  const out = newByteBuffer(leaf.width * 4);
  writePlainValue(out, leaf, value);
  return out.bytes;
}

function byteArrayBounds(leaf: Leaf, among: Int32Array | undefined): Bounds | undefined {
  const count = among?.length ?? leaf.values;
  const { bytes, ends } = leaf;
  let min = among?.[0] ?? 0;
  let max = min;
  for (let index = 1; index < count; index++) {
    const value = among === undefined ? index : (among[index] ?? 0);
    if (compareByteArrays(bytes, ends, value, min) < 0) min = value;
    else if (compareByteArrays(bytes, ends, value, max) > 0) max = value;
  }
  const [least, greatest] = [min, max].map((value) => bytes.slice(value === 0 ? 0 : ends[value - 1], ends[value]));
  if (least === undefined || greatest === undefined) return undefined;
  return Math.max(least.length, greatest.length) > longestBound ? undefined : { min: least, max: greatest };
}
