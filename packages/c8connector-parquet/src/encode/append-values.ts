import type { BytesValues, ColumnValues } from '../columns.ts';
import { ParquetError } from '../parquet-error.ts';
import { longestValue } from './check-block.ts';
import { type Leaf, reserveBytes, reserveEnds, reserveWords } from './leaf.ts';

/** Copies the values from `from` to before `to` that are not null. `values` have the layout of the leaf, and are not lists. */
export function appendValues(leaf: Leaf, values: ColumnValues, from: number, to: number): void {
  const { nulls } = values;
  switch (values.kind) {
    case 'boolean':
      appendBooleans(leaf, values.values, from, to, nulls);
      break;
    case 'int32':
    case 'int64':
      appendWords(leaf, values.values, from, to, nulls);
      break;
    case 'double':
      if (leaf.column.type.physical === 'float') appendFloats(leaf, values.values, from, to, nulls);
      else appendWords(leaf, wordsOf(values.values), from, to, nulls);
      break;
    case 'decimal128':
      appendWords(leaf, wordsOf(aligned(values.values)), from, to, nulls);
      break;
    case 'bytes':
      appendByteArrays(leaf, values, from, to);
      break;
    case 'list':
      throw new ParquetError('block_invalid', 'A list stands where its items are declared.');
  }
}

function wordsOf(array: Float64Array | Uint8Array): Int32Array {
  return new Int32Array(array.buffer, array.byteOffset, array.byteLength >>> 2);
}

function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
}

function appendBooleans(leaf: Leaf, source: Uint8Array, from: number, to: number, nulls: Uint8Array | undefined): void {
  const bytes = reserveBytes(leaf, to - from);
  let length = leaf.byteLength;
  for (let index = from; index < to; index++) {
    if (nulls === undefined || nulls[index] === 0) bytes[length++] = source[index] === 0 ? 0 : 1;
  }
  leaf.values += length - leaf.byteLength;
  leaf.byteLength = length;
}

function appendWords(leaf: Leaf, source: Int32Array, from: number, to: number, nulls: Uint8Array | undefined): void {
  const { width } = leaf;
  const words = reserveWords(leaf, to - from);
  let next = leaf.values * width;
  if (nulls === undefined) {
    words.set(source.subarray(from * width, to * width), next);
    leaf.values += to - from;
    return;
  }
  for (let index = from; index < to; index++) {
    if (nulls[index] !== 0) continue;
    const end = (index + 1) * width;
    for (let word = index * width; word < end; word++) words[next++] = source[word] ?? 0;
  }
  leaf.values = next / width;
}

function appendFloats(leaf: Leaf, source: Float64Array, from: number, to: number, nulls: Uint8Array | undefined): void {
  const floats = new Float32Array(reserveWords(leaf, to - from).buffer);
  let next = leaf.values;
  for (let index = from; index < to; index++) {
    if (nulls === undefined || nulls[index] === 0) floats[next++] = source[index] ?? 0;
  }
  leaf.values = next;
}

function appendByteArrays(leaf: Leaf, values: BytesValues, from: number, to: number): void {
  const { ends, nulls } = values;
  const start = from === 0 ? 0 : (ends[from - 1] ?? 0);
  const end = to === 0 ? 0 : (ends[to - 1] ?? 0);
  if (end < start) throw lengthError(leaf, from, end - start);
  reserveBytes(leaf, end - start).set(values.bytes.subarray(start, end), leaf.byteLength);
  const target = reserveEnds(leaf, to - from);
  const shift = leaf.byteLength - start;
  let previous = start;
  let next = leaf.values;
  for (let index = from; index < to; index++) {
    const valueEnd = ends[index] ?? 0;
    // As an unsigned number a negative length is a large one.
    if ((valueEnd - previous) >>> 0 > longestValue) throw lengthError(leaf, index, valueEnd - previous);
    if (nulls === undefined || nulls[index] === 0) target[next++] = valueEnd + shift;
    else if (valueEnd !== previous) throw lengthError(leaf, index, valueEnd - previous);
    previous = valueEnd;
  }
  leaf.values = next;
  leaf.byteLength = end + shift;
}

function lengthError(leaf: Leaf, index: number, length: number): ParquetError {
  const value = `Value ${index} of column ${JSON.stringify(leaf.column.path[0])} of a block`;
  if (length > longestValue) {
    return new ParquetError('value_too_large', `${value} has ${length} bytes: a value may have ${longestValue}.`);
  }
  return new ParquetError(
    'block_invalid',
    `${value} ${length < 0 ? 'ends before it begins' : 'is null and has bytes'}.`,
  );
}
