import { chown, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresServer } from 'test-services';
import { connectTo, type Login } from '../harness.ts';
import { run } from './losing.ts';

/** A database of a server that no other test uses, with a table `t`. */
export async function ownDatabase(server: PostgresServer): Promise<Login> {
  const { host, port, user, password } = server;
  const login = { host, port, user, password, database: await server.createDatabase() };
  await run(login, 'create table t (id int primary key, a text)');
  return login;
}

/** Kills the server, which loses what is in its memory. Resolves with its data folder once it has exited. */
export async function crash(server: PostgresServer): Promise<string> {
  const folder = await dataFolder(server);
  const [pid] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  while (isAlive(Number(pid))) await sleep(10);
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function dataFolder(server: Login): Promise<string> {
  await using client = await connectTo(server);
  const { rows } = await client.query('show data_directory');
  return rows[0].data_directory;
}

/** Gives a copy of a folder to the account that runs the server. */
export async function own(folder: string, like: string): Promise<void> {
  const { uid, gid } = await stat(like);
  await chown(folder, uid, gid);
  for (const name of await readdir(folder, { recursive: true })) await chown(join(folder, name), uid, gid);
}

/** Starts the server as a standby, which answers queries and accepts no changes. */
export async function standBy(folder: string): Promise<void> {
  const signal = join(folder, 'standby.signal');
  await writeFile(signal, '');
  const { uid, gid } = await stat(folder);
  await chown(signal, uid, gid);
}

/** Starts the server as if it had been restored, or a standby that was promoted: at the end of its log, on a new timeline. */
export async function recover(folder: string): Promise<void> {
  const [signal, settings] = [join(folder, 'recovery.signal'), join(folder, 'postgresql.auto.conf')];
  await writeFile(signal, '');
  await writeFile(settings, `restore_command = 'false'\n`);
  const { uid, gid } = await stat(folder);
  for (const file of [signal, settings]) await chown(file, uid, gid);
}
