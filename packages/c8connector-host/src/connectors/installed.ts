import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A package that is named like a connector. */
export interface InstalledConnector {
  readonly packageName: string;
  readonly folder: string;
}

const names = /^(?:@[^/]+\/)?c8-(?:source|target|integration)-[^/]+$/;

function isConnectorName(name: string): boolean {
  return names.test(name);
}

/** The packages named like connectors that a module in `folder` could import, and those beside this program; the first of a name counts. */
export async function installedConnectors(folder: string): Promise<readonly InstalledConnector[]> {
  const found = new Map<string, InstalledConnector>();
  const add = (packageName: string, where: string): void => {
    if (isConnectorName(packageName) && !found.has(packageName)) found.set(packageName, { packageName, folder: where });
  };
  const own = await enclosingPackage(folder);
  if (own !== undefined) add(own.packageName, own.folder);
  for (const modules of moduleFolders(folder)) {
    for (const name of await packageNames(modules)) add(name, join(modules, name));
  }
  return [...found.values()].sort((one, other) => (one.packageName < other.packageName ? -1 : 1));
}

/** Where packages are looked up from a folder, the nearest first, and then from this program. Not in NODE_PATH, which an import does not know either. */
function moduleFolders(folder: string): string[] {
  return [...new Set([...modulesAbove(folder), ...modulesAbove(import.meta.dirname)])];
}

function modulesAbove(folder: string): string[] {
  const parent = dirname(folder);
  return [join(folder, 'node_modules'), ...(parent === folder ? [] : modulesAbove(parent))];
}

async function packageNames(modules: string): Promise<string[]> {
  const entries = await readdir(modules).catch(() => []);
  const scopes = entries.filter((entry) => entry.startsWith('@'));
  const scoped = await Promise.all(
    scopes.map(async (scope) =>
      (await readdir(join(modules, scope)).catch(() => [])).map((name) => `${scope}/${name}`),
    ),
  );
  const candidates = [...entries, ...scoped.flat()].filter(isConnectorName);
  // A link may point to a package that was removed.
  const exists = await Promise.all(candidates.map((name) => isFile(join(modules, name, 'package.json'))));
  return candidates.filter((_, index) => exists[index]);
}

/** The package that a folder is part of: inside of one, its author calls it by its name. */
async function enclosingPackage(folder: string): Promise<InstalledConnector | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return dirname(folder) === folder ? undefined : await enclosingPackage(dirname(folder));
  try {
    const { name } = JSON.parse(text) as { readonly name?: unknown };
    return typeof name === 'string' ? { packageName: name, folder } : undefined;
  } catch {
    return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
