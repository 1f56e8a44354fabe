import type { Block } from '../src/columns.ts';
import { createParquetEncoder, type ParquetFile } from '../src/encode/encoder.ts';
import type { EncoderLimits } from '../src/encode/limits.ts';
import type { ParquetColumn } from '../src/format/schema.ts';

/** The bytes of a file of these blocks, without compression, and what the encoder says of it. */
export function encodeFile(
  columns: readonly ParquetColumn[],
  blocks: readonly Block[],
  limits: EncoderLimits = {},
): { bytes: Uint8Array<ArrayBuffer>; file: ParquetFile } {
  const parts: Uint8Array[] = [];
  const encoder = createParquetEncoder({
    columns,
    codec: 'uncompressed',
    compress: (page) => page,
    output: (part) => parts.push(part.slice()),
    ...limits,
  });
  for (const block of blocks) encoder.add(block);
  const file = encoder.finish();
  return { bytes: new Uint8Array(Buffer.concat(parts)), file };
}
