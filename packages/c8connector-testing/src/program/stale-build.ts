import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connectorNames } from '../connector-names.ts';
import { pathFrom } from '../package-files.ts';
import { parseObject } from '../values/json.ts';

/** A source file that was changed after the package was built into `dist`, so that its program lacks the change; undefined when there is none, or no such folders. */
export async function changedSinceBuild(packageFolder: URL | string): Promise<string | undefined> {
  const folder = pathFrom(packageFolder);
  const manifest = parseObject(await readFile(join(folder, 'package.json'), 'utf8').catch(() => ''));
  const names = typeof manifest === 'string' ? undefined : connectorNames(manifest.name);
  if (names === undefined) return undefined;
  const sources = await filesIn(folder, names.moduleFolder);
  const built = await filesIn(folder, 'dist');
  if (built.length === 0) return undefined;
  const newest = Math.max(...built.map(({ changed }) => changed));
  return sources.find(({ changed }) => changed > newest)?.name;
}

/** The files below a folder, with the time of their last change in milliseconds since 1970; none when the folder does not exist. */
async function filesIn(folder: string, name: string): Promise<readonly { name: string; changed: number }[]> {
  const entries = await readdir(join(folder, name), { withFileTypes: true }).catch(() => []);
  const files = entries.map(async (entry) => {
    const path = join(name, entry.name);
    if (entry.isDirectory()) return await filesIn(folder, path);
    return [{ name: path, changed: (await stat(join(folder, path))).mtimeMs }];
  });
  return (await Promise.all(files)).flat();
}
