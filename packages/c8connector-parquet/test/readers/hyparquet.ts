import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ColumnType } from '../../src/columns.ts';
import type { ParquetColumn } from '../../src/format/schema.ts';
import type { Cell } from '../blocks.ts';

/** The columns of a file as hyparquet reads them: by their physical types alone, since it would make doubles of decimals and milliseconds of microseconds. */
export async function readWithHyparquet(
  bytes: Uint8Array<ArrayBuffer>,
  columns: readonly ParquetColumn[],
): Promise<readonly (readonly Cell[])[]> {
  const metadata = parquetMetadata(bytes.buffer);
  for (const element of metadata.schema) {
    if (element.converted_type === 'LIST') continue;
    delete element.converted_type;
    delete element.logical_type;
  }
  const rows = await parquetReadObjects({ file: bytes.buffer, metadata, compressors, utf8: false });
  return columns.map(({ name, type }) => rows.map((row) => cellOf(row[name], type)));
}

function cellOf(value: unknown, type: ColumnType): Cell {
  if (value === null || value === undefined) return null;
  if (type.kind === 'list' && Array.isArray(value)) return value.map((item) => cellOf(item, type.items));
  if (!(value instanceof Uint8Array)) return value as Cell;
  if (type.kind === 'binary') return new Uint8Array(value);
  if (value.length === 16 && (type.kind === 'integer' || (type.kind === 'decimal' && type.precision <= 38))) {
    const view = new DataView(value.buffer, value.byteOffset);
    return (view.getBigInt64(0) << 64n) | view.getBigUint64(8);
  }
  return new TextDecoder().decode(value);
}
