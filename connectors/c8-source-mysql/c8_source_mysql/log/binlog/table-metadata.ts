import { charsetDecoder } from './charset.ts';
import { charsetOfCollation } from './collations.ts';
import { columnTypes, hasCollation, hasLabels, hasSign, type TypeAndMeta } from './column-types.ts';
import { EventBytes } from './event-bytes.ts';

/** What a TABLE_MAP event says about its columns beyond their types, by index, as far as `binlog_row_metadata` of the server has it. */
export interface TableMetadata {
  readonly unsigned: ReadonlyMap<number, boolean>;
  readonly collations: ReadonlyMap<number, number>;
  readonly labels: ReadonlyMap<number, readonly string[]>;
  readonly names: readonly string[] | undefined;
  readonly visible: readonly boolean[] | undefined;
  readonly primaryKey: readonly number[] | undefined;
}

/** The numbers of the fields. */
const signs = 1;
const defaultCollation = 2;
const collations = 3;
const names = 4;
const setLabels = 5;
const enumLabels = 6;
const primaryKey = 8;
const primaryKeyWithPrefix = 9;
const labelsDefaultCollation = 10;
const labelsCollations = 11;
const visibility = 12;

/** Reads the optional fields: a number, a length, and the bytes. Unknown ones are skipped. */
export function readMetadata(content: EventBytes, columns: readonly TypeAndMeta[], isMariaDb: boolean): TableMetadata {
  const found = new Map<number, EventBytes>();
  while (content.rest > 0) {
    const field = content.u8();
    found.set(field, new EventBytes(content.take(content.packed())));
  }
  const indexesOf = (isCounted: (type: number) => boolean) =>
    columns.flatMap(({ type }, index) => (isCounted(type) ? [index] : []));
  const texts = indexesOf((type) => hasCollation(type, isMariaDb));
  const labelled = indexesOf(hasLabels);
  const numbers = indexesOf(hasSign);
  const collationOf = new Map([
    ...readCollations(found.get(defaultCollation), found.get(collations), texts),
    ...readCollations(found.get(labelsDefaultCollation), found.get(labelsCollations), labelled),
  ]);
  return {
    unsigned: readSigns(found.get(signs), numbers),
    collations: collationOf,
    labels: new Map([
      ...readLabels(
        found.get(enumLabels),
        indexesOf((type) => type === columnTypes.enum),
        collationOf,
      ),
      ...readLabels(
        found.get(setLabels),
        indexesOf((type) => type === columnTypes.set),
        collationOf,
      ),
    ]),
    names: readNames(found.get(names), columns.length),
    visible: readVisible(found.get(visibility), columns.length),
    primaryKey: readKey(found.get(primaryKey), 1) ?? readKey(found.get(primaryKeyWithPrefix), 2),
  };
}

/** A bit for each number, the highest of a byte first. */
function readSigns(field: EventBytes | undefined, indexes: readonly number[]): ReadonlyMap<number, boolean> {
  if (field === undefined) return new Map();
  const bits = readBits(field, indexes.length);
  return new Map(indexes.map((index, bit) => [index, bits[bit] as boolean]));
}

function readVisible(field: EventBytes | undefined, count: number): readonly boolean[] | undefined {
  return field && readBits(field, count);
}

function readBits(field: EventBytes, count: number): readonly boolean[] {
  const bytes = field.take((count + 7) >> 3);
  return Array.from({ length: count }, (_, bit) => ((bytes[bit >> 3] as number) & (0x80 >> (bit & 7))) !== 0);
}

/** Either the most frequent collation and the texts that have another one, or one for each text. */
function readCollations(
  frequent: EventBytes | undefined,
  each: EventBytes | undefined,
  indexes: readonly number[],
): ReadonlyMap<number, number> {
  if (each !== undefined) {
    const all = new Map(indexes.map((index) => [index, each.packed()]));
    if (each.rest > 0) throw new RangeError('there are more collations than texts');
    return all;
  }
  if (frequent === undefined) return new Map();
  const usual = frequent.packed();
  const all = new Map(indexes.map((index) => [index, usual]));
  while (frequent.rest > 0) {
    const index = indexes[frequent.packed()];
    if (index === undefined) throw new RangeError('there are more collations than texts');
    all.set(index, frequent.packed());
  }
  return all;
}

/** The labels of each ENUM, or each SET, in the character set of the column: their number, then for each its length and its bytes. None for a column whose character set is unknown. */
function readLabels(
  field: EventBytes | undefined,
  indexes: readonly number[],
  collationOf: ReadonlyMap<number, number>,
): ReadonlyMap<number, readonly string[]> {
  const all = new Map<number, readonly string[]>();
  if (field === undefined) return all;
  for (const index of indexes) {
    const count = field.packed();
    if (count > field.rest) throw new RangeError(`there are no ${count} labels`);
    const labels = Array.from({ length: count }, () => field.take(field.packed()));
    const decode = charsetDecoder(charsetOfCollation(collationOf.get(index) ?? -1) ?? '');
    if (decode !== undefined) all.set(index, labels.map(decode));
  }
  return all;
}

function readNames(field: EventBytes | undefined, count: number): readonly string[] | undefined {
  return field && Array.from({ length: count }, () => field.text(field.packed()));
}

/** The indexes of the columns of the key; with prefixes, each with its length. */
function readKey(field: EventBytes | undefined, numbersEach: 1 | 2): readonly number[] | undefined {
  if (field === undefined) return undefined;
  const indexes: number[] = [];
  while (field.rest > 0) {
    indexes.push(field.packed());
    if (numbersEach === 2) field.packed();
  }
  return indexes;
}
