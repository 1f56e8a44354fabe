import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A package that is named like a connector: `c8-source-…`, `c8-target-…` or `c8-integration-…`, with a scope or without. */
export interface InstalledConnector {
  /** Name of the package. */
  readonly packageName: string;
  /** Folder of the package, as an absolute path. */
  readonly folder: string;
}

const names = /^(?:@[^/]+\/)?c8-(?:source|target|integration)-[^/]+$/;

function isConnectorName(name: string): boolean {
  return names.test(name);
}

/**
 * The packages named like connectors that a module in one of these folders could import, in the order of their names. A package that contains one of the folders counts
 * too. Of several packages with the same name, the first one found counts.
 */
export async function installedConnectors(folders: readonly string[]): Promise<readonly InstalledConnector[]> {
  const found = new Map<string, InstalledConnector>();
  const add = (packageName: string, folder: string): void => {
    if (isConnectorName(packageName) && !found.has(packageName)) found.set(packageName, { packageName, folder });
  };
  const searched = new Set<string>();
  for (const start of folders) {
    const own = await enclosingPackage(start);
    if (own !== undefined) add(own.packageName, own.folder);
    for (const modules of modulesAbove(start).filter((folder) => !searched.has(folder))) {
      searched.add(modules);
      for (const name of await packageNames(modules)) add(name, join(modules, name));
    }
  }
  return [...found.values()].sort((one, other) => (one.packageName < other.packageName ? -1 : 1));
}

/** The folders in which Node looks up packages from a folder, the nearest first. Without NODE_PATH, which imports ignore too. */
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

/** The package that a folder is part of: its author can refer to it by its name. */
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

/** The module that an ES import of the package in `folder` would load. Undefined when there is no such file. */
export async function entryModule(folder: string): Promise<string | undefined> {
  const manifest = await readManifest(folder);
  const entry = exported(manifest.exports) ?? manifest.main ?? 'index.js';
  if (typeof entry !== 'string') return undefined;
  const path = join(folder, entry);
  return (await isFile(path)) ? path : undefined;
}

async function readManifest(folder: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  } catch {
    return {};
  }
}

/** Node's rule for the `exports` of package.json, for the package itself: the first matching condition. */
function exported(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) return exports.map(exported).find((path) => path !== undefined);
  if (typeof exports !== 'object' || exports === null) return undefined;
  const entries = Object.entries(exports);
  const own = entries.find(([key]) => key === '.');
  if (own !== undefined) return exported(own[1]);
  return entries
    .filter(([condition]) => ['node', 'import', 'module-sync', 'default'].includes(condition))
    .map(([, target]) => exported(target))
    .find((path) => path !== undefined);
}
