import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

/**
 * Longer or shorter names make other lines and another order of imports: the formatter of the first of these folders that has one puts that right. False when none has.
 */
export async function format(folder: string, from: readonly string[]): Promise<boolean> {
  const found = from.map(formatterOf).find((path) => path !== undefined);
  if (found === undefined) return false;
  await run(process.execPath, [found, 'check', '--write', '--linter-enabled=false', '.'], folder);
  return true;
}

function formatterOf(folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('@biomejs/biome/package.json');
    return join(dirname(manifest), 'bin', 'biome');
  } catch {
    return undefined;
  }
}
