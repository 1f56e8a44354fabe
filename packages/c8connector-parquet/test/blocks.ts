import type { Block, ColumnType, ColumnValues, Layout } from '../src/columns.ts';
import { layoutOf } from '../src/columns.ts';

/**
 * A value as tests write it. Integers of more than 32 bits, decimals without their point, times and timestamps in microseconds are bigint; dates are days; text
 * and bytes are what they are.
 */
export type Cell = null | boolean | number | bigint | string | Uint8Array | readonly Cell[];

/** A block of the rows, column by column. */
export function blockOf(types: readonly ColumnType[], columns: readonly (readonly Cell[])[]): Block {
  return {
    rows: columns[0]?.length ?? 0,
    columns: types.map((type, index) => valuesOf(layoutOf(type), columns[index] ?? [])),
  };
}

function valuesOf(layout: Layout, cells: readonly Cell[]): ColumnValues {
  const values = layout.kind === 'list' ? listValues(layout.items, cells) : scalarValues(layout.kind, cells);
  return cells.includes(null) ? { ...values, nulls: Uint8Array.from(cells, (cell) => Number(cell === null)) } : values;
}

function listValues(items: Layout, cells: readonly Cell[]): ColumnValues {
  const lists = cells.map((cell) => (Array.isArray(cell) ? (cell as readonly Cell[]) : []));
  return { kind: 'list', ends: endsOf(lists), items: valuesOf(items, lists.flat()) };
}

function scalarValues(kind: Exclude<Layout['kind'], 'list'>, cells: readonly Cell[]): ColumnValues {
  switch (kind) {
    case 'boolean':
      return { kind, values: Uint8Array.from(cells, Number) };
    case 'int32':
      return { kind, values: Int32Array.from(cells, Number) };
    case 'double':
      return { kind, values: Float64Array.from(cells, Number) };
    case 'int64':
      return { kind, values: new Int32Array(BigInt64Array.from(cells, toBigInt).buffer) };
    case 'decimal128': {
      const view = new DataView(new ArrayBuffer(cells.length * 16));
      cells.forEach((cell, index) => {
        view.setBigInt64(index * 16, toBigInt(cell) >> 64n);
        view.setBigUint64(index * 16 + 8, BigInt.asUintN(64, toBigInt(cell)));
      });
      return { kind, values: new Uint8Array(view.buffer) };
    }
    case 'bytes': {
      const arrays = cells.map((cell) =>
        cell instanceof Uint8Array ? cell : new TextEncoder().encode(typeof cell === 'string' ? cell : ''),
      );
      return { kind, bytes: new Uint8Array(Buffer.concat(arrays)), ends: endsOf(arrays) };
    }
  }
}

function toBigInt(cell: Cell): bigint {
  return typeof cell === 'bigint' ? cell : 0n;
}

function endsOf(parts: readonly { readonly length: number }[]): Int32Array<ArrayBuffer> {
  let end = 0;
  return Int32Array.from(parts, ({ length }) => {
    end += length;
    return end;
  });
}
