import type { ColumnValues, ListValues } from '../columns.ts';
import { ParquetError } from '../parquet-error.ts';
import { appendValues } from './append-values.ts';
import { type Leaf, reserveSlots } from './leaf.ts';

/** Copies the rows from `from` to before `to` of a column of a checked block: their levels, and the values that are not null. */
export function appendRows(leaf: Leaf, values: ColumnValues, from: number, to: number): void {
  leaf.rows += to - from;
  if (values.kind !== 'list') {
    appendLevels(leaf, values.nulls, from, to);
    appendValues(leaf, values, from, to);
    return;
  }
  for (let row = from; row < to; row++) appendList(leaf, values, row, 0, 0);
  let [start, end] = [from, to];
  let items: ColumnValues = values;
  while (items.kind === 'list') {
    start = endBefore(items, start);
    end = endBefore(items, end);
    items = items.items;
  }
  appendValues(leaf, items, start, end);
}

function appendLevels(leaf: Leaf, nulls: Uint8Array | undefined, from: number, to: number): void {
  reserveSlots(leaf, to - from);
  const { definition, slots } = leaf;
  leaf.slots += to - from;
  if (nulls === undefined) {
    definition.fill(1, slots, leaf.slots);
    return;
  }
  for (let row = from; row < to; row++) definition[slots + row - from] = nulls[row] === 0 ? 1 : 0;
}

/**
 * Appends the levels of one list, and of all lists in it. For the list at depth d, the definition level 2d means null, 2d + 1 empty, 2d + 2 an item that is null or a list
 * itself, and 2d + 3 a value.
 */
function appendList(leaf: Leaf, list: ListValues, index: number, repetition: number, depth: number): void {
  const start = endBefore(list, index);
  const end = endBefore(list, index + 1);
  if (end < start) throw new ParquetError('block_invalid', `List ${index} of ${nameOf(leaf)} ends before it begins.`);
  const { items, nulls } = list;
  if (nulls !== undefined && nulls[index] !== 0) {
    if (end > start) throw new ParquetError('block_invalid', `List ${index} of ${nameOf(leaf)} is null and has items.`);
    appendSlot(leaf, repetition, 2 * depth);
    return;
  }
  if (end === start) {
    appendSlot(leaf, repetition, 2 * depth + 1);
    return;
  }
  if (items.kind === 'list') {
    for (let item = start; item < end; item++) {
      appendList(leaf, items, item, item === start ? repetition : depth + 1, depth + 1);
    }
    return;
  }
  reserveSlots(leaf, end - start);
  for (let item = start; item < end; item++) {
    const level = items.nulls === undefined || items.nulls[item] === 0 ? 3 : 2;
    leaf.repetition[leaf.slots] = item === start ? repetition : depth + 1;
    leaf.definition[leaf.slots++] = 2 * depth + level;
  }
}

function appendSlot(leaf: Leaf, repetition: number, definition: number): void {
  reserveSlots(leaf, 1);
  leaf.repetition[leaf.slots] = repetition;
  leaf.definition[leaf.slots++] = definition;
}

function endBefore(list: ListValues, index: number): number {
  return index === 0 ? 0 : (list.ends[index - 1] ?? 0);
}

function nameOf(leaf: Leaf): string {
  return `column ${JSON.stringify(leaf.column.path[0])} of a block`;
}
