import type { Leaf } from './leaf.ts';

/** Slots and values of a data page: from the ends of the page before to these. */
export interface PageEnd {
  readonly slots: number;
  readonly values: number;
}

/**
 * Where the pages of a column end, so that each has about `pageBytes` of values. A page ends with a row, and a value is never divided. `valueBits` is the size of a value;
 * without it, the lengths of byte arrays count. A page has no more slots than bytes, because nulls take no bytes in the file but do in the memory of a reader.
 */
export function pageEnds(leaf: Leaf, pageBytes: number, valueBits: number | undefined): readonly PageEnd[] {
  const total = valueBits === undefined ? leaf.byteLength + leaf.values * 4 : (leaf.values * valueBits) / 8;
  if (total <= pageBytes && leaf.slots <= pageBytes) return [{ slots: leaf.slots, values: leaf.values }];
  const ends: PageEnd[] = [];
  let pageStart = 0;
  let bytes = 0;
  let values = 0;
  for (let slot = 0; slot < leaf.slots; slot++) {
    const isFull = bytes >= pageBytes || slot - pageStart >= pageBytes;
    if (isFull && (leaf.maxRepetition === 0 || leaf.repetition[slot] === 0)) {
      ends.push({ slots: slot, values });
      pageStart = slot;
      bytes = 0;
    }
    if (leaf.definition[slot] === leaf.maxDefinition) {
      bytes += valueBits === undefined ? 4 + byteArrayLength(leaf, values) : valueBits / 8;
      values++;
    }
  }
  ends.push({ slots: leaf.slots, values });
  return ends;
}

function byteArrayLength({ ends }: Leaf, value: number): number {
  return (ends[value] ?? 0) - (value === 0 ? 0 : (ends[value - 1] ?? 0));
}
