import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

const leftOut = new Set(['node_modules', 'dist', 'coverage']);

/** The files of a package as its author wrote them, relative to its folder and with `/`, in order. Links count as what they point to. */
export async function packageFiles(folder: string): Promise<readonly string[]> {
  return (await filesIn(folder, '', new Set())).sort();
}

async function filesIn(folder: string, path: string, seen: Set<string>): Promise<string[]> {
  // A link to a folder above would never end.
  const real = await realpath(join(folder, path));
  if (seen.has(real)) return [];
  seen.add(real);
  const found: string[] = [];
  for (const name of await readdir(join(folder, path))) {
    if (name.startsWith('.') || leftOut.has(name)) continue;
    const file = path === '' ? name : `${path}/${name}`;
    const entry = await stat(join(folder, file)).catch(() => undefined);
    if (entry?.isDirectory()) found.push(...(await filesIn(folder, file, seen)));
    else if (entry?.isFile()) found.push(file);
  }
  return found;
}
