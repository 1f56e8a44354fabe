import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The module that an ES import of the package in `folder` would load. Undefined when there is no such file. */
export async function entryModule(folder: string): Promise<string | undefined> {
  const manifest = await readManifest(folder);
  const entry = exported(manifest.exports) ?? manifest.main ?? 'index.js';
  if (typeof entry !== 'string') return undefined;
  const path = join(folder, entry);
  return (await stat(path).catch(() => undefined))?.isFile() ? path : undefined;
}

async function readManifest(folder: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  } catch {
    return {};
  }
}

/** Node's rule for the `exports` of package.json, for the package itself: the first condition that holds. */
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
