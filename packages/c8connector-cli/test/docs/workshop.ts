import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './blocks.ts';

/** What the blocks of the docs import, by where it lies in this workspace. */
const packages: Readonly<Record<string, string>> = {
  c8connector: 'packages/c8connector',
  'c8connector-cli': 'packages/c8connector-cli',
  'c8connector-host': 'packages/c8connector-host',
  'c8connector-parquet': 'packages/c8connector-parquet',
  'c8connector-sql': 'packages/c8connector-sql',
  'c8connector-testing': 'packages/c8connector-testing',
  'c8-source-postgres': 'connectors/c8-source-postgres',
  'c8-source-mysql': 'connectors/c8-source-mysql',
  'c8-target-s3': 'connectors/c8-target-s3',
  'test-services': 'packages/test-services',
  '@types/node': 'node_modules/@types/node',
  '@biomejs/biome': 'node_modules/@biomejs/biome',
  typescript: 'node_modules/typescript',
  vitest: 'node_modules/vitest',
};

/** A folder outside of the workspace where everything is installed that the docs need. */
export async function openWorkshop() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'c8connector-docs-')));
  for (const [name, path] of Object.entries(packages)) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(await realpath(join(root, path)), link, 'junction');
  }
  return {
    path: folder,
    async write(name: string, text: string): Promise<void> {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
