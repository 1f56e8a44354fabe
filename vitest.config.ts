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
          // No module of the core has state, and importing them anew for each file was a third of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'others',
          include: ['{packages,connectors}/*/test/**/*.test.ts'],
          exclude: ['packages/c8connector/**', '**/node_modules/**'],
        },
      },
    ],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'node_modules/.vitest/results.json' },
  },
});
