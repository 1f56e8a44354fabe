import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** An installation of PostgreSQL other than the one from npm. */
export interface OtherServer {
  /** As `postgres --version` prints it. */
  readonly version: string;
  /** The folder that has `bin/postgres`. */
  readonly native: string;
}

/** Those whose folders are in POSTGRES_SERVERS, separated as in PATH; none if it is not set. */
export const otherServers: readonly OtherServer[] = (process.env.POSTGRES_SERVERS ?? '')
  .split(delimiter)
  .filter((native) => native !== '')
  .map((native) => ({ native, version: versionOf(native) }));

function versionOf(native: string): string {
  const text = execFileSync(join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
  return /\) ([\d.]+)/.exec(text)?.[1] ?? text;
}
