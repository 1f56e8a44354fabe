import type { ColumnType } from '../columns.ts';
import { ParquetError } from '../parquet-error.ts';
import { convertedTypes, physicalTypes, repetitions } from './numbers.ts';
import { type ParquetType, parquetType } from './parquet-type.ts';
import { i32, struct, type ThriftValue, text } from './thrift.ts';

/** A column of a file. Each may hold nulls. */
export interface ParquetColumn {
  /** Not empty, and unique in the file. Some readers ignore case, so the caller decides whether names may differ only in case. */
  readonly name: string;
  /** `time` is stored as TIME, which Spark 3 cannot read: use `text` if that matters. */
  readonly type: ColumnType;
}

/** The column of a file's schema that contains the values of a declared column: for a list, those of its innermost items. */
export interface LeafColumn {
  readonly path: readonly string[];
  /** How many lists are nested around a value. */
  readonly depth: number;
  readonly type: ParquetType;
}

/** The most levels of nested lists: definition levels are stored as bytes. */
const deepestList = 100;

/** Throws a ParquetError `columns_invalid` when a file cannot have these columns, or readers would not find one of them. */
export function checkColumns(columns: readonly ParquetColumn[]): void {
  if (columns.length === 0) throw new ParquetError('columns_invalid', 'A Parquet file needs at least one column.');
  const names = new Set<string>();
  for (const column of columns) {
    const { name } = column;
    if (name === '') throw new ParquetError('columns_invalid', 'A column of a Parquet file needs a name.');
    if (/\p{Surrogate}/u.test(name)) {
      throw new ParquetError(
        'columns_invalid',
        `The column ${JSON.stringify(name)} has half of a surrogate pair in its name.`,
      );
    }
    if (names.has(name)) {
      throw new ParquetError('columns_invalid', `Two columns are named ${JSON.stringify(name)}. Rename one of them.`);
    }
    names.add(name);
    if (leafColumn(column).depth > deepestList) {
      const problem = `has more than ${deepestList} levels of lists`;
      throw new ParquetError('columns_invalid', `The column ${JSON.stringify(name)} ${problem}. Store it as JSON.`);
    }
  }
}

export function leafColumn({ name, type }: ParquetColumn): LeafColumn {
  const path = [name];
  let items = type;
  while (items.kind === 'list') {
    path.push('list', 'element');
    items = items.items;
  }
  return { path, depth: (path.length - 1) / 2, type: parquetType(items) };
}

/** The elements of the schema, the root first and each group before its members. */
export function schemaElements(columns: readonly ParquetColumn[]): readonly ThriftValue[] {
  const root = struct([4, text('root')], [5, i32(columns.length)]);
  return [root, ...columns.flatMap(({ name, type }) => elementsOf(name, type))];
}

/** A list is a group that contains a repeated group of its element, as the format requires since version 2.4. */
function elementsOf(name: string, type: ColumnType): readonly ThriftValue[] {
  if (type.kind !== 'list') return [scalarElement(name, parquetType(type))];
  const group = struct(
    [3, i32(repetitions.optional)],
    [4, text(name)],
    [5, i32(1)],
    [6, i32(convertedTypes.list)],
    [10, struct([3, struct()])],
  );
  const repeated = struct([3, i32(repetitions.repeated)], [4, text('list')], [5, i32(1)]);
  return [group, repeated, ...elementsOf('element', type.items)];
}

function scalarElement(name: string, type: ParquetType): ThriftValue {
  return struct(
    [1, i32(physicalTypes[type.physical])],
    [2, optional(type.length)],
    [3, i32(repetitions.optional)],
    [4, text(name)],
    [6, optional(type.converted)],
    [7, optional(type.scale)],
    [8, optional(type.precision)],
    [10, type.logical],
  );
}

function optional(value: number | undefined): ThriftValue | undefined {
  return value === undefined ? undefined : i32(value);
}
