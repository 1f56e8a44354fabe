import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const debian = '/usr/lib/postgresql';

/** The folder of Debian's newest PostgreSQL that has wal2json; undefined where there is none. */
export function withWal2json(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((one, other) => Number(other) - Number(one)) : [];
  return versions
    .map((version) => join(debian, version))
    .find((native) => existsSync(join(native, 'lib', 'wal2json.so')));
}
