import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** The name that package.json gives, else that of the folder. */
export async function packageTitle(folder: string): Promise<string> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    if (typeof manifest.name === 'string') return manifest.name;
  } catch {
    // A finding says what is wrong with the file.
  }
  return basename(folder);
}
