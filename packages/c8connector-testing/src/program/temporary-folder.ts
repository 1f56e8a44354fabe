import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringifyValue } from 'c8connector';

/** A folder that is removed, with everything in it, when it is disposed. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes JSON into the file `name`.json, which only its owner may read, and returns its path. */
  writeJson(name: string, content: unknown): Promise<string>;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'c8-conformance-'));
  return {
    path,
    async writeJson(name, content) {
      const file = join(path, `${name}.json`);
      await writeFile(file, stringifyValue(content), { mode: 0o600 });
      return file;
    },
    [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
