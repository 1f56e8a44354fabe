import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultExclude, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { drawLongTests, longTests, secondsOf } from './scripts/long-tests.mjs';

/** Connectors whose `test/setup.ts` runs before each of their test files, or whose `test/global-setup.ts` runs once before all of them. */
const withSetup = readdirSync(join(import.meta.dirname, 'connectors')).filter(
  (name) => fileOf(name, 'setup.ts').length + fileOf(name, 'global-setup.ts').length > 0,
);

/** The path of a file of the tests of a connector, if there is one. */
function fileOf(connector: string, file: string): string[] {
  const path = `connectors/${connector}/test/${file}`;
  return existsSync(join(import.meta.dirname, path)) ? [path] : [];
}

/** Long tests are left out unless C8_SOAK is set, which `npm run soak` does, or C8_SOAK_SEED draws them, as it does in `npm run verify` and so in CI. */
function leftOut(): readonly string[] {
  const { C8_SOAK: all, C8_SOAK_SEED: seed } = process.env;
  if (all !== undefined) return [];
  const drawn = seed === undefined ? [] : drawLongTests(seed, longTests());
  return longTests()
    .map(({ path }) => path)
    .filter((path) => !drawn.includes(path));
}

/** Starts the files that say how long they take before the others of their project: one that began last would run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = new Map(files.map((file) => [file, secondsOf(readFileSync(file.moduleId, 'utf8')) ?? 0]));
    const sorted = await super.sort(files);
    const order = [...new Set(sorted.map(({ project }) => project))];
    return sorted.sort(
      (one, other) =>
        order.indexOf(one.project) - order.indexOf(other.project) ||
        (seconds.get(other) ?? 0) - (seconds.get(one) ?? 0),
    );
  }
}

// The package manager sets it, and it would hide a module that the programs of users do not find.
delete process.env.NODE_PATH;

export default defineConfig({
  test: {
    exclude: [...defaultExclude, ...leftOut()],
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
    // No module has state, and importing all of them again for each file was a third of the time.
    isolate: false,
    // What is built already is imported as it is: to transform it again was half of the time that a connector's tests took to start.
    server: { deps: { external: [/\/(?:packages|samples|connectors)\/[^/]+\/dist\//] } },
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'node_modules/.vitest/results.json' },
  },
});
