import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingMariaDb } from '../src/mysql/installation.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'clean-up-'));
  // PostgreSQL's account has to get in.
  await chmod(directory, 0o777);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A process with the built package whose temporary directories are all in `directory`. */
function run(program: string): ChildProcess {
  const services = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
  const text = `import { startMariaDb, startPostgres, startS3 } from ${services};\n${program}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', text], {
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: directory, TEMP: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The process whose id stands in `file` of the directory of a server. */
async function serverProcess(server: 'postgres' | 'mariadb', file: string): Promise<number> {
  const name = (await readdir(directory)).find((entry) => entry.startsWith(`test-${server}-`));
  const text = await readFile(join(directory, name ?? '', file), 'utf8');
  return Number(text.split('\n')[0]);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

async function becomesEmpty(): Promise<boolean> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if ((await readdir(directory)).length === 0) return true;
    await sleep(25);
  }
  return false;
}

it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'leaves no server and no data after %s',
  async (signal) => {
    const child = run("await startPostgres(); await startS3(); console.log('ready'); setInterval(() => {}, 1000);");
    if (child.stdout) await once(child.stdout, 'data');
    const postgres = await serverProcess('postgres', 'data/postmaster.pid');
    expect([isAlive(postgres), (await readdir(directory)).length]).toEqual([true, 2]);
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    expect(await becomesEmpty()).toBe(true);
    expect(isAlive(postgres)).toBe(false);
  },
  60_000,
);

it('does not keep a program alive that forgot to stop its servers, and cleans up after it', async () => {
  const child = run('await startPostgres(); await startS3();');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await becomesEmpty()).toBe(true);
}, 60_000);

it('leaves nothing when the program is killed while PostgreSQL is being set up', async () => {
  const child = run("setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300); await startPostgres();");
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  expect(await becomesEmpty()).toBe(true);
  await sleep(500);
  expect(await readdir(directory)).toEqual([]);
}, 60_000);

describe('MariaDB', () => {
  const missing = missingMariaDb();
  if (missing !== undefined) {
    it('goes with its program', ({ skip }) => skip(missing));
    return;
  }

  it('leaves no server and no data when the program is killed', async () => {
    const child = run("await startMariaDb(); console.log('ready'); setInterval(() => {}, 1000);");
    if (child.stdout) await once(child.stdout, 'data');
    const server = await serverProcess('mariadb', 'pid');
    expect(isAlive(server)).toBe(true);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(await becomesEmpty()).toBe(true);
    expect(isAlive(server)).toBe(false);
  }, 60_000);

  it('lets a program end that forgot it, and cleans up after it', async () => {
    const child = run('await startMariaDb();');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await becomesEmpty()).toBe(true);
  }, 60_000);

  it.each([300, 1_500])(
    'leaves nothing when the program is killed after %i ms of its start',
    async (milliseconds) => {
      const child = run(
        `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${milliseconds}); await startMariaDb();`,
      );
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
      expect(await becomesEmpty()).toBe(true);
      await sleep(500);
      expect(await readdir(directory)).toEqual([]);
    },
    60_000,
  );
});
