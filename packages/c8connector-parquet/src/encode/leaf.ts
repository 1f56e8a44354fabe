import { grownBytes, grownWords } from '../byte-buffer.ts';
import type { LeafColumn } from '../format/schema.ts';

/**
 * The values of one column of the row group that is being filled, without its nulls. A slot is an entry with levels: a value, a null, an empty list or a null list.
 * Its arrays are reused for each row group.
 */
export interface Leaf {
  readonly column: LeafColumn;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /** Number of 32-bit words that a value takes in `words`; 0 for booleans and byte arrays, which are in `bytes`. */
  readonly width: 0 | 1 | 2 | 4;
  rows: number;
  slots: number;
  values: number;
  /** A level for each slot. Repetition levels are kept for lists only. */
  definition: Uint8Array<ArrayBuffer>;
  repetition: Uint8Array<ArrayBuffer>;
  words: Int32Array<ArrayBuffer>;
  bytes: Uint8Array<ArrayBuffer>;
  byteLength: number;
  /** Where in `bytes` each byte array ends. */
  ends: Int32Array<ArrayBuffer>;
}

const widths = {
  boolean: 0,
  int32: 1,
  float: 1,
  int64: 2,
  double: 2,
  fixedLengthByteArray: 4,
  byteArray: 0,
} as const;

/** Extra room after the last byte, so that bytes can be read in words. */
export const copySlack = 3;

type LeafMemory = Pick<Leaf, 'definition' | 'repetition' | 'words' | 'bytes' | 'ends'>;

/** `memory` is that of a leaf, of any column, that is no longer used. */
export function newLeaf(column: LeafColumn, memory: LeafMemory = noMemory): Leaf {
  const { definition, repetition, words, bytes, ends } = memory;
  return {
    column,
    maxDefinition: 2 * column.depth + 1,
    maxRepetition: column.depth,
    width: widths[column.type.physical],
    rows: 0,
    slots: 0,
    values: 0,
    definition,
    repetition,
    words,
    bytes,
    byteLength: 0,
    ends,
  };
}

const noMemory: LeafMemory = {
  definition: new Uint8Array(0),
  repetition: new Uint8Array(0),
  words: new Int32Array(0),
  bytes: new Uint8Array(0),
  ends: new Int32Array(0),
};

/** Arrays with more bytes than `mostKept` are released after a row group, and smaller ones when hardly any of their memory was used: a few large values are not a reason to keep it. */
const mostKept = 64 * 1024 * 1024;
const alwaysKept = 8 * 1024 * 1024;

/** Ends a row group. */
export function emptyLeaf(leaf: Leaf): void {
  if (isTooLarge(leaf.bytes, leaf.byteLength)) leaf.bytes = noMemory.bytes;
  if (isTooLarge(leaf.words, leaf.values * leaf.width)) leaf.words = noMemory.words;
  leaf.rows = 0;
  leaf.slots = 0;
  leaf.values = 0;
  leaf.byteLength = 0;
}

function isTooLarge({ byteLength, length }: Uint8Array | Int32Array, used: number): boolean {
  return byteLength > mostKept || (byteLength > alwaysKept && used < length / 4);
}

/** Bytes that the values take in memory. */
export function leafBytes(leaf: Leaf): number {
  return leaf.slots * (leaf.maxRepetition > 0 ? 2 : 1) + leaf.values * (leaf.width || 1) * 4 + leaf.byteLength;
}

export function reserveSlots(leaf: Leaf, count: number): void {
  const needed = leaf.slots + count;
  if (needed > leaf.definition.length) leaf.definition = grownBytes(leaf.definition, needed);
  if (leaf.maxRepetition > 0 && needed > leaf.repetition.length) leaf.repetition = grownBytes(leaf.repetition, needed);
}

export function reserveWords(leaf: Leaf, count: number): Int32Array<ArrayBuffer> {
  const needed = (leaf.values + count) * leaf.width;
  if (needed > leaf.words.length) leaf.words = grownWords(leaf.words, needed);
  return leaf.words;
}

export function reserveBytes(leaf: Leaf, count: number): Uint8Array<ArrayBuffer> {
  const needed = leaf.byteLength + count + copySlack;
  if (needed > leaf.bytes.length) leaf.bytes = grownBytes(leaf.bytes, needed);
  return leaf.bytes;
}

export function reserveEnds(leaf: Leaf, count: number): Int32Array<ArrayBuffer> {
  const needed = leaf.values + count;
  if (needed > leaf.ends.length) leaf.ends = grownWords(leaf.ends, needed);
  return leaf.ends;
}
