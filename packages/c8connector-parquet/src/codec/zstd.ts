import zlib from 'node:zlib';

/** Node's own Zstandard from 22.15 on. The types are those of Node 20. */
interface NodeZstd {
  readonly zstdCompressSync: (page: Uint8Array, options: { params: Record<number, number> }) => Uint8Array;
  readonly constants: { readonly ZSTD_c_compressionLevel: number };
}

function hasZstd(module: object): module is NodeZstd {
  return 'zstdCompressSync' in module;
}

export async function zstdCompressor(level: number): Promise<(page: Uint8Array) => Uint8Array> {
  const node: object = zlib;
  if (hasZstd(node)) {
    const options = { params: { [node.constants.ZSTD_c_compressionLevel]: level } };
    return (page) => node.zstdCompressSync(page, options);
  }
  const { compress, init } = await import('@bokuweb/zstd-wasm');
  await init();
  return (page) => compress(page, level);
}
