import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** What runs is bundled, as that of the core is (docs/decisions/0006); the worker thread is a file of its own, beside the one that starts it. */
export default defineConfig({
  input: { index: 'src/index.ts', worker: 'src/worker/worker.ts' },
  external: [/^node:/, ...Object.keys(dependencies)],
  platform: 'node',
  transform: { target: 'node20.19' },
  output: { dir: 'dist', cleanDir: true, chunkFileNames: 'chunks/[name]-[hash].js' },
});
