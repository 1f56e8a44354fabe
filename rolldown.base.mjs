import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What runs of the package in `folder`, in a few files instead of one for each source (docs/decisions/0006-bundled-core.md). `input` maps the names of the files that others load to their sources.
 */
export function bundle(folder, input) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const packages = Object.keys({ ...dependencies, ...peerDependencies });
  return {
    input,
    external: [/^node:/, ...packages.map((name) => new RegExp(`^${name}(/|$)`))],
    platform: 'node',
    transform: { target: 'node20.19' },
    output: { dir: 'dist', cleanDir: true, chunkFileNames: 'chunks/[name]-[hash].js' },
  };
}
