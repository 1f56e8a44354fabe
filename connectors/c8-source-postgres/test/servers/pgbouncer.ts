import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from 'test-services';
import type { Login } from '../harness.ts';

/** The path in Debian's package. */
export const pgbouncer = '/usr/sbin/pgbouncer';

/** A PgBouncer in front of a database. */
export interface Pooler extends AsyncDisposable {
  readonly login: Login;
}

export async function startPgBouncer(login: Login, mode: 'session' | 'transaction'): Promise<Pooler> {
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  await writeFile(join(folder, 'users'), `"${login.user}" "${login.password}"\n`);
  const settings = [
    ...['[databases]', `${login.database} = host=${login.host} port=${login.port}`],
    ...['[pgbouncer]', 'listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir =', `pool_mode = ${mode}`],
    ...['auth_type = plain', `auth_file = ${join(folder, 'users')}`, 'default_pool_size = 10'],
  ];
  await writeFile(join(folder, 'ini'), `${settings.join('\n')}\n`);
  // PgBouncer refuses to run as root.
  const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const child = spawn(pgbouncer, [join(folder, 'ini')], { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  const lines = createInterface({ input: child.stderr });
  const ready = new Promise<void>((resolve, reject) => {
    const said: string[] = [];
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('process up')) resolve();
    });
    child.once('exit', () => reject(new Error(`PgBouncer did not start: ${said.join(' ')}`)));
  });
  await ready;
  return {
    login: { ...login, host: '127.0.0.1', port },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}
