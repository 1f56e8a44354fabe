import { constants, gzipSync } from 'node:zlib';
import type { Codec } from '../format/footer.ts';
import { ParquetError } from '../parquet-error.ts';
import { releasing } from './releasing.ts';
import { zstdCompressor } from './zstd.ts';

/** Compresses a page. The result is valid until the next call. */
export type Compress = (page: Uint8Array) => Uint8Array;

/** Lowest, highest and default level of the codecs that have levels. */
const levels = {
  gzip: { min: 1, max: 9, usual: constants.Z_BEST_SPEED },
  zstd: { min: 1, max: 22, usual: 1 },
} as const;

/** The level to use. Throws a ParquetError `settings_invalid` when there is no such codec, or it has no such level. */
export function codecLevel(codec: Codec, level?: number): number | undefined {
  if (codec === 'uncompressed' || codec === 'snappy') {
    if (level !== undefined) throw new ParquetError('settings_invalid', `The codec ${codec} has no levels.`);
    return undefined;
  }
  if (!Object.hasOwn(levels, codec)) {
    throw new ParquetError('settings_invalid', `There is no codec ${JSON.stringify(codec)}.`);
  }
  const { min, max, usual } = levels[codec];
  const chosen = level ?? usual;
  if (Number.isInteger(chosen) && chosen >= min && chosen <= max) return chosen;
  throw new ParquetError('settings_invalid', `Level ${level} of ${codec} does not exist: ${min} to ${max} do.`);
}

/** Loads only what a codec needs. Zstandard is Node's own from 22.15 on, and WebAssembly of the same library before; Snappy is WebAssembly. */
export async function loadCodec(codec: Codec, level?: number): Promise<Compress> {
  const chosen = codecLevel(codec, level);
  if (codec === 'uncompressed') return (page) => page;
  if (codec === 'snappy') {
    const { snappyCompressor } = await import('hysnappy');
    return snappyCompressor();
  }
  if (codec === 'gzip') return releasing((page, chunkSize) => gzipSync(page, { level: chosen, chunkSize }));
  return await zstdCompressor(chosen ?? levels.zstd.usual);
}
