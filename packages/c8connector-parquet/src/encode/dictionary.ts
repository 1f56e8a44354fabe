import type { Leaf } from './leaf.ts';
import { hashByteArray, hashWords, isSameByteArray, isSameWords } from './same-value.ts';

/** The most entries of a dictionary: an index has 16 bits. */
const mostEntries = 65_536;

/** A dictionary does not pay with more distinct values than this, or than a fifth of all values: compression finds the remaining repetitions. */
const fewEntries = 1024;

/** After this many values the search ends in a column that hardly repeats, so that it costs little. */
const trial = 8192;

const tableBits = 17;

/** The memory for finding a dictionary, which is reused for each column. */
export interface DictionarySearch {
  /** A hash table with open addressing, or one slot for each possible value: the index of an entry plus 1, or 0 when the slot is empty. */
  readonly table: Int32Array;
  /** For each entry, the index of the first value equal to it. */
  readonly firsts: Int32Array;
  /** For each value, the index of its entry. */
  indices: Uint16Array;
}

export function newDictionarySearch(): DictionarySearch {
  return {
    table: new Int32Array(1 << tableBits),
    firsts: new Int32Array(mostEntries),
    indices: new Uint16Array(0),
  };
}

/**
 * Finds the different values of a column, in the order of their first occurrence, and writes them to `firsts` and `indices` of the search. Returns how many there are, or
 * 0 when a dictionary does not pay.
 */
export function findDictionary(search: DictionarySearch, leaf: Leaf): number {
  const { values, column } = leaf;
  if (values < 2 || column.type.physical === 'boolean') return 0;
  if (search.indices.length < values) search.indices = new Uint16Array(values);
  search.table.fill(0);
  const entries = leaf.width > 0 ? findNumbers(search, leaf) : findByteArrays(search, leaf);
  return entries > 0 && pays(leaf, search, entries) ? entries : 0;
}

function pays(leaf: Leaf, { firsts }: DictionarySearch, entries: number): boolean {
  const { values, width } = leaf;
  const indexBytes = (values * (32 - Math.clz32(entries - 1))) / 8;
  if (width > 0) return entries * width * 4 + indexBytes < values * width * 4 * 0.8;
  let bytes = 0;
  for (let entry = 0; entry < entries; entry++) {
    const first = firsts[entry] ?? 0;
    bytes += 4 + (leaf.ends[first] ?? 0) - (first === 0 ? 0 : (leaf.ends[first - 1] ?? 0));
  }
  return bytes + indexBytes < (leaf.byteLength + values * 4) * 0.8;
}

/** Whether to give up after this many values: there are too many entries, hardly any values of the trial repeat, or lookups in the hash table take too long. */
function isHopeless(seen: number, entries: number, steps: number, limit: number): boolean {
  return entries === limit || (seen >= trial && entries > (seen / 8) * 7) || steps > 4 * seen + trial;
}

function entryLimit(values: number): number {
  return Math.min(mostEntries, Math.max(fewEntries, Math.floor(values / 5)));
}

function findNumbers(search: DictionarySearch, leaf: Leaf): number {
  const least = leaf.width > 2 ? undefined : leastOfNarrow(leaf, search.table.length);
  return least === undefined ? findWords(search, leaf) : findNarrow(search, leaf, least);
}

/** The lowest of integers within so narrow a range that the table has a slot for each; undefined for others. Words of other types are treated as integers too: equal bits are equal values. */
function leastOfNarrow({ words, width, values }: Leaf, places: number): number | undefined {
  let least = words[0] ?? 0;
  let greatest = least;
  for (let index = 0; index < values; index++) {
    const word = words[index * width] ?? 0;
    if (width === 2 && words[index * 2 + 1] !== word >> 31) return undefined;
    if (word < least) least = word;
    else if (word > greatest) greatest = word;
    if (greatest - least >= places) return undefined;
  }
  return least;
}

/** As {@link findWords}, without hashes: the slot of a value is its distance from the lowest one. */
function findNarrow({ table, firsts, indices }: DictionarySearch, leaf: Leaf, least: number): number {
  const { words, width, values } = leaf;
  const limit = entryLimit(values);
  let entries = 0;
  for (let index = 0; index < values; index++) {
    const place = (words[index * width] ?? 0) - least;
    let entry = (table[place] ?? 0) - 1;
    if (entry < 0) {
      if (isHopeless(index, entries, 0, limit)) return 0;
      entry = entries++;
      table[place] = entries;
      firsts[entry] = index;
    }
    indices[index] = entry;
  }
  return entries;
}

function findWords(search: DictionarySearch, leaf: Leaf): number {
  const { table, firsts, indices } = search;
  const { words, width, values } = leaf;
  const mask = table.length - 1;
  const limit = entryLimit(values);
  let entries = 0;
  let steps = 0;
  for (let index = 0; index < values; index++) {
    let slot = hashWords(words, index * width, width) >>> (32 - tableBits);
    let entry = (table[slot] ?? 0) - 1;
    while (entry >= 0 && !isSameWords(words, index * width, (firsts[entry] ?? 0) * width, width)) {
      slot = (slot + 1) & mask;
      entry = (table[slot] ?? 0) - 1;
      steps++;
    }
    if (entry < 0) {
      if (isHopeless(index, entries, steps, limit)) return 0;
      entry = entries++;
      table[slot] = entries;
      firsts[entry] = index;
    }
    indices[index] = entry;
  }
  return entries;
}

function findByteArrays(search: DictionarySearch, leaf: Leaf): number {
  const { table, firsts, indices } = search;
  const { bytes, ends, values } = leaf;
  const view = new DataView(bytes.buffer);
  const mask = table.length - 1;
  const limit = entryLimit(values);
  let entries = 0;
  let steps = 0;
  let start = 0;
  for (let index = 0; index < values; index++) {
    const end = ends[index] ?? 0;
    let slot = hashByteArray(view, start, end) >>> (32 - tableBits);
    let entry = (table[slot] ?? 0) - 1;
    while (entry >= 0 && !isSameByteArray(view, start, end, ends, firsts[entry] ?? 0)) {
      slot = (slot + 1) & mask;
      entry = (table[slot] ?? 0) - 1;
      steps++;
    }
    if (entry < 0) {
      if (isHopeless(index, entries, steps, limit)) return 0;
      entry = entries++;
      table[slot] = entries;
      firsts[entry] = index;
    }
    indices[index] = entry;
    start = end;
  }
  return entries;
}
