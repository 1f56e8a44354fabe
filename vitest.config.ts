import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultExclude, defineConfig } from 'vitest/config';

/** Connectors whose `test/setup.ts` runs before each of their test files, or whose `test/global-setup.ts` runs once before all of them. */
const withSetup = readdirSync(join(import.meta.dirname, 'connectors')).filter(
  (name) => fileOf(name, 'setup.ts').length + fileOf(name, 'global-setup.ts').length > 0,
);

/** The path of a file of the tests of a connector, if there is one. */
function fileOf(connector: string, file: string): string[] {
  const path = `connectors/${connector}/test/${file}`;
  return existsSync(join(import.meta.dirname, path)) ? [path] : [];
}

// What takes long runs with C8_SOAK only: in `npm run soak`, in `npm run verify`, and so in CI.
const isSoak = process.env.C8_SOAK !== undefined;

export default defineConfig({
  test: {
    exclude: [...defaultExclude, ...(isSoak ? [] : ['**/*.soak.test.ts'])],
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['packages/{c8connector,c8connector-testing}/test/**/*.test.ts'],
          globalSetup: ['packages/c8connector/test/fixtures/compile-programs.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'others',
          include: ['{packages,connectors,packages/c8connector-cli/samples}/*/test/**/*.test.ts'],
          exclude: [
            'packages/{c8connector,c8connector-testing}/**',
            ...withSetup.map((name) => `connectors/${name}/**`),
            '**/node_modules/**',
          ],
        },
      },
      ...withSetup.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`connectors/${name}/test/**/*.test.ts`],
          setupFiles: fileOf(name, 'setup.ts'),
          globalSetup: fileOf(name, 'global-setup.ts'),
        },
      })),
    ],
    // No module has state, and importing all of them anew for each file was a third of the time.
    isolate: false,
    // What is built already is imported as it is: to transform it again was half of the time that a connector's tests took to start.
    server: { deps: { external: [/\/(?:packages|samples|connectors)\/[^/]+\/dist\//] } },
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'node_modules/.vitest/results.json' },
  },
});
