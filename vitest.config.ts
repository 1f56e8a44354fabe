import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['packages/c8connector/test/**/*.test.ts'],
          globalSetup: ['packages/c8connector/test/fixtures/compile-programs.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'others',
          include: ['{packages,connectors}/*/test/**/*.test.ts'],
          exclude: ['packages/c8connector/**', 'connectors/c8-target-s3/**', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 's3',
          include: ['connectors/c8-target-s3/test/**/*.test.ts'],
          setupFiles: ['connectors/c8-target-s3/test/temporary-directory.ts'],
        },
      },
    ],
    // No module has state, and importing all of them anew for each file was a third of the time.
    isolate: false,
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'node_modules/.vitest/results.json' },
  },
});
