import type { SourceFile } from './files.ts';
import { jsonText } from './json-text.ts';
import type { Manifest, Versions } from './manifest.ts';
import type { ConnectorNames } from './names.ts';
import { standaloneConfigs } from './tsconfig.ts';
import settings from './workspace-settings.json' with { type: 'json' };

const scripts = {
  build: 'tsc -p tsconfig.json',
  lint: 'biome ci . && tsc -p test/tsconfig.json',
  test: 'npm run build && vitest run',
  check: 'npm run build && c8connector check',
};
const tools = ['@biomejs/biome', '@types/node', 'typescript', 'vitest'] as const;

/** Development tools that a standalone connector depends on; in a workspace, the root has them. */
export const standaloneTools: readonly string[] = ['@biomejs/biome', 'c8connector-cli'];

const ignored = ['node_modules/', 'dist/', 'coverage/', '*.tsbuildinfo', '*.state.json', '*.run.json', '*.ledger'];

/** Versions of the packages that the samples and the tools need: those of the workspace that this program was built in. */
export const knownVersions: Versions = settings.catalog;

/**
 * package.json of a standalone connector: with its own tools, and with the specs of `supplied` for packages that may not be in a registry. `allowed` are packages whose scripts may
 * run when they are installed.
 */
export function standaloneManifest(
  manifest: Manifest,
  supplied: Versions,
  allowed: Readonly<Record<string, boolean>>,
): Manifest {
  const devDependencies: Record<string, string> = { ...manifest.devDependencies };
  for (const tool of tools) devDependencies[tool] = settings.catalog[tool];
  for (const [name, spec] of Object.entries(supplied)) {
    if (manifest.dependencies?.[name] === undefined) devDependencies[name] = spec;
  }
  const sorted = Object.fromEntries(Object.entries(devDependencies).sort(([one], [other]) => (one < other ? -1 : 1)));
  const allowScripts = Object.keys(allowed).length === 0 ? {} : { allowScripts: allowed };
  return { ...manifest, scripts: { ...manifest.scripts, ...scripts }, devDependencies: sorted, ...allowScripts };
}

/** Files that a standalone connector has of its own; in a workspace, they are in the root. */
export function standaloneFiles(names: ConnectorNames, setup: readonly string[]): readonly SourceFile[] {
  const json = (path: string, value: unknown): SourceFile => ({ path, content: jsonText(value) });
  return [
    { path: '.gitignore', content: `${ignored.join('\n')}\n` },
    json('biome.json', { $schema: './node_modules/@biomejs/biome/configuration_schema.json', ...settings.biome }),
    { path: 'vitest.config.ts', content: vitestConfig(setup) },
    ...standaloneConfigs(names, settings.compilerOptions),
  ];
}

/** Files that vitest runs before the tests, with their option. The workspace uses the same names. */
const setupOptions = { 'test/setup.ts': 'setupFiles', 'test/global-setup.ts': 'globalSetup' } as const;

/** The files of a connector that must run before its tests. */
export function setupAmong(paths: readonly string[]): readonly string[] {
  return Object.keys(setupOptions).filter((path) => paths.includes(path));
}

function vitestConfig(setup: readonly string[]): string {
  const lines = Object.entries(setupOptions)
    .filter(([path]) => setup.includes(path))
    .map(([path, option]) => `    ${option}: ['${path}'],\n`)
    .join('');
  return `import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
${lines}    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
`;
}
