import { chown, cp, lchown, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The user that PostgreSQL runs as; empty for the current one. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: there it becomes `nobody`. */
export function serverAccount(): Account {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
}

export async function giveTo(account: Account, ...paths: string[]): Promise<void> {
  const { uid, gid } = account;
  if (uid === undefined || gid === undefined) return;
  for (const path of paths) await chown(path, uid, gid);
}

/** The parent for temporary directories: `TMPDIR` unless the account cannot get there. */
export async function reachableTemporaryParent(account: Account): Promise<string> {
  return (await canReach(account, tmpdir())) ? tmpdir() : '/tmp';
}

/** The binaries where the account can read them: in place, or copied into `directory` when the checkout is closed to others. */
export async function reachableBinaries(account: Account, native: string, directory: string): Promise<string> {
  if (await canReach(account, join(native, 'bin', 'postgres'))) return native;
  const copy = join(directory, 'native');
  // Static libraries are a fifth of the size and needed only for compiling.
  await cp(native, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  const { uid, gid } = account;
  if (uid === undefined || gid === undefined) return copy;
  const entries = await readdir(copy, { recursive: true });
  await Promise.all(['.', ...entries].map((entry) => lchown(join(copy, entry), uid, gid)));
  return copy;
}

async function canReach(account: Account, path: string): Promise<boolean> {
  if (account.uid === undefined) return true;
  for (let place = path; ; place = dirname(place)) {
    if (((await stat(place)).mode & 0o001) === 0) return false;
    if (place === dirname(place)) return true;
  }
}
