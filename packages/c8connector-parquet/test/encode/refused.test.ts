import { describe, expect, test } from 'vitest';
import type { Block, ColumnType } from '../../src/columns.ts';
import type { ParquetColumn } from '../../src/format/schema.ts';
import { ParquetError, type ParquetErrorCode } from '../../src/parquet-error.ts';
import { encodeFile } from '../write-file.ts';

const integer: ColumnType = { kind: 'integer' };
const text: ColumnType = { kind: 'text' };
const list: ColumnType = { kind: 'list', items: { kind: 'date' } };
const ints = (...values: number[]) => Int32Array.from(values);

function failure(columns: readonly ParquetColumn[], block?: Block, limits = {}): ParquetError | undefined {
  try {
    encodeFile(columns, block === undefined ? [] : [block], limits);
    return undefined;
  } catch (error) {
    if (error instanceof ParquetError) return error;
    throw error;
  }
}

describe('invalid columns', () => {
  test.each<[string, readonly string[], string]>([
    ['none', [], 'A Parquet file needs at least one column.'],
    ['one without a name', [''], 'A column of a Parquet file needs a name.'],
    ['two of a name', ['a', 'b', 'a'], 'Two columns are named "a". Rename one of them.'],
    ['half of a surrogate pair', ['\ud83d'], 'The column "\\ud83d" has half of a surrogate pair in its name.'],
  ])('%s', (_, names, message) => {
    const error = failure(names.map((name) => ({ name, type: integer })));
    expect(error).toMatchObject({ code: 'columns_invalid', message });
  });

  test.each([
    [100, undefined],
    [101, 'The column "a" has more than 100 levels of lists. Store it as JSON.'],
  ])('lists of %i levels: %s', (depth, message) => {
    let type: ColumnType = { kind: 'text' };
    for (let level = 0; level < depth; level++) type = { kind: 'list', items: type };
    expect(failure([{ name: 'a', type }])?.message).toBe(message);
  });

  test('names that differ only in case are separate columns', () => {
    expect(failure(['a', 'A'].map((name) => ({ name, type: integer })))).toBeUndefined();
  });
});

describe('blocks that do not match the declared columns', () => {
  test.each<[string, ColumnType, Block, ParquetErrorCode, string]>([
    ['rows', integer, { rows: 1.5, columns: [] }, 'block_invalid', 'A block has 1.5 rows.'],
    ['columns', integer, { rows: 1, columns: [] }, 'block_invalid', 'A block has 0 columns, the file 1.'],
    [
      'a layout',
      integer,
      { rows: 1, columns: [{ kind: 'int32', values: ints(1) }] },
      'block_invalid',
      'Column "a" of a block has the layout int32 where its type has int64.',
    ],
    [
      'the layout of items',
      list,
      { rows: 1, columns: [{ kind: 'list', ends: ints(1), items: { kind: 'int64', values: ints(1, 0) } }] },
      'block_invalid',
      'Column "a" of a block has the layout int64 where its type has int32.',
    ],
    [
      'too few values',
      integer,
      { rows: 2, columns: [{ kind: 'int64', values: ints(1, 0, 2) }] },
      'block_invalid',
      'Column "a" of a block has an array of 3 elements, and needs 4.',
    ],
    [
      'too few nulls',
      integer,
      { rows: 2, columns: [{ kind: 'int64', values: ints(1, 0, 2, 0), nulls: Uint8Array.of(1) }] },
      'block_invalid',
      'Column "a" of a block has nulls for 1 of 2 values.',
    ],
    [
      'too few ends',
      text,
      { rows: 2, columns: [{ kind: 'bytes', bytes: new Uint8Array(9), ends: ints(1) }] },
      'block_invalid',
      'Column "a" of a block has ends for 1 of 2 values.',
    ],
    [
      'too few bytes',
      text,
      { rows: 2, columns: [{ kind: 'bytes', bytes: new Uint8Array(9), ends: ints(1, 10) }] },
      'block_invalid',
      'Column "a" of a block has 9 bytes, and its values end at 10.',
    ],
    [
      'an end before a beginning',
      text,
      { rows: 3, columns: [{ kind: 'bytes', bytes: new Uint8Array(9), ends: ints(5, 3, 9) }] },
      'block_invalid',
      'Value 1 of column "a" of a block ends before it begins.',
    ],
    [
      'a null with bytes',
      text,
      { rows: 1, columns: [{ kind: 'bytes', bytes: new Uint8Array(9), ends: ints(5), nulls: Uint8Array.of(1) }] },
      'block_invalid',
      'Value 0 of column "a" of a block is null and has bytes.',
    ],
    [
      'a null with items',
      list,
      {
        rows: 1,
        columns: [{ kind: 'list', ends: ints(1), items: { kind: 'int32', values: ints(1) }, nulls: Uint8Array.of(1) }],
      },
      'block_invalid',
      'List 0 of column "a" of a block is null and has items.',
    ],
    [
      'a list that ends before it begins',
      list,
      { rows: 2, columns: [{ kind: 'list', ends: ints(2, 1), items: { kind: 'int32', values: ints(1, 2) } }] },
      'block_invalid',
      'List 1 of column "a" of a block ends before it begins.',
    ],
    [
      'too long a value',
      text,
      { rows: 1, columns: [{ kind: 'bytes', bytes: new Uint8Array(2 ** 28 + 1), ends: ints(2 ** 28 + 1) }] },
      'value_too_large',
      'Value 0 of column "a" of a block has 268435457 bytes: a value may have 268435456.',
    ],
    [
      'too many bytes',
      text,
      { rows: 1, columns: [{ kind: 'bytes', bytes: new Uint8Array(9), ends: ints(2 ** 30 + 1) }] },
      'value_too_large',
      'Column "a" has 1073741825 bytes or items in one block: it may have 1073741824. Use smaller blocks.',
    ],
  ])('%s', (_, type, block, code, message) => {
    expect(failure([{ name: 'a', type }], block)).toMatchObject({ code, message });
  });
});

test.each([
  ['rowGroupRows', 0],
  ['rowGroupRows', 2 ** 24 + 1],
  ['rowGroupBytes', 1.5],
  ['pageBytes', Number.NaN],
])('an invalid limit: %s of %d', (name, value) => {
  expect(failure([{ name: 'a', type: integer }], undefined, { [name]: value })?.code).toBe('settings_invalid');
});
