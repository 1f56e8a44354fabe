import zlib from 'node:zlib';
import { ParquetError } from '../parquet-error.ts';
import { releasing } from './releasing.ts';

/** Node's own Zstandard, from 22.15 on, which the type declarations of Node 20 lack. */
interface NodeZstd {
  readonly zstdCompressSync: (
    page: Uint8Array,
    options: { readonly params: Readonly<Record<number, number>>; readonly chunkSize: number },
  ) => Uint8Array;
  readonly constants: { readonly ZSTD_c_compressionLevel: number };
}

function hasZstd(module: object): module is NodeZstd {
  return 'zstdCompressSync' in module;
}

export async function zstdCompressor(level: number): Promise<(page: Uint8Array) => Uint8Array> {
  const node: object = zlib;
  if (hasZstd(node)) {
    const params = { [node.constants.ZSTD_c_compressionLevel]: level };
    return releasing((page, chunkSize) => node.zstdCompressSync(page, { params, chunkSize }));
  }
  const { compress, init } = await import('@bokuweb/zstd-wasm');
  // The library has one instance, and writes zeros after its third initialization.
  wasm ??= init();
  await wasm;
  return (page) => checked(compress(page, level));
}

let wasm: Promise<void> | undefined;

const magic = [0x28, 0xb5, 0x2f, 0xfd];

/** Checks that the result is a frame, which otherwise only the first reader would notice. */
function checked(frame: Uint8Array): Uint8Array {
  if (magic.every((byte, index) => frame[index] === byte)) return frame;
  throw new ParquetError('worker_failed', 'The compression with zstd gave something else than a frame.');
}
