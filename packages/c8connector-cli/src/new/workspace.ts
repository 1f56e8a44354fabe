import { lstat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, type Versions, withSpecs } from './manifest.ts';
import type { ConnectorNames } from './names.ts';
import { readWorkspace } from './place.ts';
import { standaloneTools } from './standalone.ts';

/** package.json of a connector in a workspace: its versions come from its workspace and the catalog, and the root has the tools. */
export async function workspaceManifest(manifest: Manifest, root: string): Promise<Manifest> {
  const { catalog } = await readWorkspace(root);
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const isNeighbour = await Promise.all(names.map((name) => exists(join(root, 'packages', name, 'package.json'))));
  const neighbours = new Set(names.filter((_, index) => isNeighbour[index]));
  const { devDependencies = {}, ...rest } = withSpecs(manifest, (name, spec) => {
    if (neighbours.has(name)) return 'workspace:^';
    return Object.hasOwn(catalog, name) ? 'catalog:' : spec;
  });
  return { ...rest, scripts: { build: 'tsc -p tsconfig.json' }, devDependencies: withoutTools(devDependencies) };
}

function withoutTools(versions: Versions): Versions {
  return Object.fromEntries(Object.entries(versions).filter(([name]) => !standaloneTools.includes(name)));
}

/** Adds a changeset about the new connector to the workspace. */
export async function joinWorkspace(root: string, names: ConnectorNames): Promise<void> {
  const change = join(root, '.changeset', `new-${names.packageName}.md`);
  await writeFile(change, `---\n"${names.packageName}": minor\n---\n\nThe ${names.type} ${names.displayName}.\n`);
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
