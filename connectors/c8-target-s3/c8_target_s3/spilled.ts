import { deserialize, serialize } from 'node:v8';
import type { ColumnValues } from 'c8connector';
import type { Spool } from './spool.ts';

/** Rows in columns, as an encoder takes them. */
export interface Block {
  rows: number;
  columns: ColumnValues[];
}

/** Bytes of the length before each block. */
const headerSize = 8;

/** Adds a block to a file, for {@link spilledBlocks} to read. Its arrays are stored as they are, so that no value is converted to text. */
export async function spill(spool: Spool, path: string, { rows, columns }: Block): Promise<void> {
  const bytes = serialize({ rows, columns: columns.map((column) => trimmed(column, rows)) });
  const header = Buffer.alloc(headerSize);
  header.writeDoubleLE(bytes.length);
  await spool.append(path, Buffer.concat([header, bytes]));
}

/** The blocks of a file in the order in which they were added. */
export async function* spilledBlocks(spool: Spool, path: string): AsyncGenerator<Block> {
  await using file = await spool.read(path);
  const take = async (size: number): Promise<Buffer> => {
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, size - at);
      if (bytesRead === 0) throw new Error('a temporary file is shorter than it was');
      at += bytesRead;
    }
    return bytes;
  };
  for (let left = spool.sizeOf(path); left > 0; ) {
    const size = (await take(headerSize)).readDoubleLE();
    const { rows, columns } = deserialize(await take(size)) as Block;
    left -= headerSize + size;
    yield { rows, columns };
  }
}

/** A column without the unused memory after its last value. */
function trimmed(column: ColumnValues, count: number): ColumnValues {
  const nulls = column.nulls === undefined ? {} : { nulls: column.nulls.subarray(0, count) };
  const last = (ends: Int32Array): number => (count === 0 ? 0 : (ends[count - 1] as number));
  switch (column.kind) {
    case 'boolean':
      return { ...column, ...nulls, values: column.values.subarray(0, count) };
    case 'int32':
      return { ...column, ...nulls, values: column.values.subarray(0, count) };
    case 'int64':
      return { ...column, ...nulls, values: column.values.subarray(0, 2 * count) };
    case 'double':
      return { ...column, ...nulls, values: column.values.subarray(0, count) };
    case 'decimal128':
      return { ...column, ...nulls, values: column.values.subarray(0, 16 * count) };
    case 'bytes': {
      const { bytes, ends } = column;
      return { ...column, ...nulls, bytes: bytes.subarray(0, last(ends)), ends: ends.subarray(0, count) };
    }
    case 'list': {
      const { ends, items } = column;
      return { ...column, ...nulls, ends: ends.subarray(0, count), items: trimmed(items, last(ends)) };
    }
  }
}
