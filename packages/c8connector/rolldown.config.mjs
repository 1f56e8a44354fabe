import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const { dependencies, peerDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** What runs is bundled: Node 20 takes almost 1 ms to load a module, and every start of a program pays for each. The types stay as the compiler writes them. */
export default defineConfig({
  input: {
    index: 'src/index.ts',
  },
  external: [
    /^node:/,
    ...Object.keys({ ...dependencies, ...peerDependencies }).map((name) => new RegExp(`^${name}(/|$)`)),
  ],
  platform: 'node',
  transform: { target: 'node20.19' },
  output: { dir: 'dist', cleanDir: true, chunkFileNames: 'chunks/[name]-[hash].js' },
});
