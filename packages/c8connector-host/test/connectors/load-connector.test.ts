import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installedConnectors, loadAllConnectors, loadConnector } from '../../src/index.ts';
import { Lists } from '../connectors.ts';
import { openHost } from '../open-host.ts';

async function install(folder: string, packageName: string): Promise<string> {
  const where = join(folder, 'node_modules', packageName);
  await mkdir(where, { recursive: true });
  await writeFile(join(where, 'package.json'), JSON.stringify({ name: packageName, exports: './index.mjs' }));
  await writeFile(join(where, 'index.mjs'), 'export class Nothing {}');
  return where;
}

test('a connector that is part of the host is found by the name of its package', async () => {
  const lists = new Lists();
  expect(await loadConnector('c8-source-lists', { connectors: [lists], folders: [] })).toBe(lists);
});

test('an unknown name is refused with the nearest one that the host has', async () => {
  const host = { connectors: [new Lists()], folders: [] };
  await expect(loadConnector('c8-source-list', host)).rejects.toThrow(
    "unknown connector 'c8-source-list'; did you mean 'c8-source-lists'?",
  );
  await expect(loadConnector('c8-source-list', { folders: [] })).rejects.toThrow('none is installed here');
});

test.each(['./source.mjs', '/source.mjs', '..'])(
  'without a folder nothing is loaded from the path %s',
  async (path) => {
    await expect(loadConnector(path, { folders: [import.meta.dirname] })).rejects.toMatchObject({
      code: 'connector_unknown',
      message: `unknown connector '${path}'; a path can be given only in a file; give the name of a package`,
    });
  },
);

test('installed connectors are found in each folder and above it, and the first one with a name counts', async () => {
  await using world = await openHost();
  const near = join(world.folder, 'near');
  const far = join(world.folder, 'far');
  await install(world.folder, 'c8-source-shared');
  await install(near, 'not-a-connector');
  const first = await install(near, '@acme/c8-target-both');
  await install(far, '@acme/c8-target-both');
  const found = await installedConnectors([join(near, 'deep'), far]);
  expect(found).toContainEqual({ packageName: '@acme/c8-target-both', folder: first });
  expect(found).toContainEqual({
    packageName: 'c8-source-shared',
    folder: join(world.folder, 'node_modules/c8-source-shared'),
  });
  expect(found.map(({ packageName }) => packageName)).not.toContain('not-a-connector');
});

test('connectors that cannot be loaded are reported, and the others are listed', async () => {
  await using world = await openHost();
  await install(world.folder, 'c8-source-broken');
  const errors: unknown[] = [];
  const host = { connectors: [new Lists()], folders: [world.folder] };
  const connectors = await loadAllConnectors(host, (name, error) => errors.push([name, (error as Error).message]));
  expect(connectors.map(({ packageName }) => packageName)).toContain('c8-source-lists');
  expect(errors).toEqual([['c8-source-broken', expect.stringContaining('no class that implements C8Connector')]]);
});
