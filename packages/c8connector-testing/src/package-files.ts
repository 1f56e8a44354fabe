import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Finding, NotRunnable } from './check.ts';

/** A file or folder of the options, as a path. */
export function pathFrom(place: URL | string): string {
  return typeof place !== 'string' || place.startsWith('file:') ? fileURLToPath(place) : resolve(place);
}

/** The path of a file of the connector's package. Throws NotRunnable when the options don't name the folder. */
function packageFile(packageFolder: URL | string | undefined, name: string): string {
  if (packageFolder !== undefined) return join(pathFrom(packageFolder), name);
  throw new NotRunnable(`the options do not say where ${name} is: give packageFolder: new URL('..', import.meta.url)`);
}

/** The text of a file of the package; undefined when there is none. */
export async function packageText(packageFolder: URL | string | undefined, name: string): Promise<string | undefined> {
  const path = packageFile(packageFolder, name);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Finding(`${name} of the package`, `${path} cannot be read`, { cause: error });
  }
}

/** Whether there is a file at a path. */
export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
