import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program in a package of its own, in a folder that is removed when it is disposed. */
export async function programFile(
  code: string,
): Promise<AsyncDisposable & { readonly folder: string; readonly program: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'c8-program-'));
  const program = join(folder, 'program.mjs');
  await writeFile(program, code);
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'c8-source-memory', bin: { 'c8-source-memory': './program.mjs' } }),
  );
  return { folder, program, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, maxRetries: 5 }) };
}
