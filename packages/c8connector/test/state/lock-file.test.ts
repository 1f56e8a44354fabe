import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFileState } from '../../src/state/file-state-store.ts';
import { programPath } from '../fixtures/program-path.ts';

/** Long enough for a loaded machine to renew in it. */
const lease = 3000;
/** A PID namespace of its own, as a container has, without any right. */
const unshare = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;
const canUnshare = spawnSync(unshare[0], [...unshare.slice(1), 'true']).status === 0;
if (!canUnshare) console.info('no PID namespace can be made here: tests with containers are skipped');

let folder: string;
let path: string;
let processes: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'orders.state.json');
  processes = [];
});
afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

interface Opener {
  readonly process: ChildProcess;
  /** The next line that it prints. */
  next(): Promise<string | undefined>;
  ask(command: string): Promise<string | undefined>;
}

/** A process that opens the state; with `isContainer` in a PID namespace of its own. */
function opener({ isContainer = false } = {}): Opener {
  const command = [
    ...(isContainer ? unshare : []),
    process.execPath,
    programPath('locked-state-main'),
    path,
    `${lease}`,
  ];
  const [program = '', ...parameters] = command;
  const child = spawn(program, parameters, { stdio: ['pipe', 'pipe', isContainer ? 'ignore' : 'inherit'] });
  processes.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string | undefined;
  return {
    process: child,
    next,
    async ask(command) {
      child.stdin.write(`${command}\n`);
      return await next();
    },
  };
}

/** The process of node itself below `unshare`. */
function innerPid({ process: { pid } }: Opener): number {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return Number(stdout.trim().split('\n')[0]);
}

const record = (holder: object) => `${JSON.stringify({ id: randomUUID(), lease, ...holder })}\n0000000000000000\n`;
const ownRecord = async (): Promise<Record<string, unknown>> => {
  await using _state = await openFileState(path, { lease });
  return JSON.parse((await readFile(`${path}.lock`, 'utf8')).split('\n')[0] ?? '');
};

describe('the lock of a process of this machine', () => {
  test('is refused while the process runs, also when it is stopped, and names it', async () => {
    const first = opener();
    expect(await first.next()).toBe('held');
    expect(await opener().next()).toBe('state_locked');
    first.process.kill('SIGSTOP');
    await expect(openFileState(path, { lease })).rejects.toMatchObject({
      code: 'state_locked',
      exitCode: 2,
      message: expect.stringContaining(`process ${first.process.pid} on ${hostname()}`),
    });
  });

  test('is taken at once when the process was killed', async () => {
    const first = opener();
    expect(await first.next()).toBe('held');
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    const start = performance.now();
    await using _state = await openFileState(path, { lease: 60_000 });
    expect(performance.now() - start).toBeLessThan(lease);
  });

  test('is taken at once when another process has the number of the dead one', async () => {
    const { startedAt: _, ...own } = await ownRecord();
    await writeFile(`${path}.lock`, record({ ...own, startedAt: '1' }));
    await using _state = await openFileState(path, { lease: 60_000 });
  });

  test('is taken at once when the dead process has not been reaped yet', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'inherit'] });
    processes.push(parent);
    const [output] = await once(parent.stdout, 'data');
    const stat = () => readFile(`/proc/${Number(String(output))}/stat`, 'utf8');
    await expect.poll(stat, { timeout: 10_000 }).toContain(') Z ');
    const own = await ownRecord();
    const startedAt = (await stat()).split(') ')[1]?.split(' ')[19];
    await writeFile(`${path}.lock`, record({ ...own, pid: Number(String(output)), startedAt }));
    await using _state = await openFileState(path, { lease: 60_000 });
  });

  test('goes to only one of many that find it dead', async () => {
    const own = await ownRecord();
    for (let round = 0; round < 3; round++) {
      await writeFile(`${path}.lock`, record({ ...own, startedAt: '1' }));
      const openers = Array.from({ length: 6 }, () => opener());
      const said = await Promise.all(openers.map((one) => one.next()));
      expect(said.toSorted()).toEqual(['held', ...Array(5).fill('state_locked')]);
      const holder = openers[said.indexOf('held')];
      expect(await holder?.ask(`save ${round}`)).toBe('save done');
      expect(await holder?.ask('release')).toBe('release done');
    }
    expect(await readdir(folder)).toEqual(['orders.state.json']);
  });

  test('may be held by a process whose event loop is busy for longer than some renewals', async () => {
    const first = opener();
    expect(await first.next()).toBe('held');
    expect(await first.ask(`block ${lease / 2}`)).toBe('block done');
    expect(await first.ask('save x')).toBe('save done');
  });

  test('leaves nothing behind when it is released', async () => {
    const first = opener();
    expect(await first.next()).toBe('held');
    expect(await first.ask('release')).toBe('release done');
    expect(await readdir(folder)).toEqual([]);
  });

  test('is lost when its file was removed, since another run may have come and gone', async () => {
    await using state = await openFileState(path, { lease });
    await rm(`${path}.lock`);
    await expect(state.store.begin({ run: 'x', place: 'here', streams: [] })).rejects.toMatchObject({
      code: 'claim_lost',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.skipIf(!canUnshare)('the lock of a process in another container', () => {
  test('is refused while it is renewed, also when both have the same number', async () => {
    const [first, second] = [opener({ isContainer: true }), opener({ isContainer: true })];
    const said = await Promise.all([first.next(), second.next()]);
    expect(said.toSorted()).toEqual(['held', 'state_locked']);
    expect(await opener().next()).toBe('state_locked');
    await expect(openFileState(path, { lease })).rejects.toMatchObject({ code: 'state_locked' });
  });

  test('is refused while its event loop is busy for less than the lease', async () => {
    const first = opener({ isContainer: true });
    expect(await first.next()).toBe('held');
    const blocked = first.ask(`block ${lease / 2}`);
    await expect(openFileState(path, { lease })).rejects.toMatchObject({ code: 'state_locked' });
    expect(await blocked).toBe('block done');
    expect(await first.ask('save x')).toBe('save done');
  });

  test('is taken after a lease when the container was killed', async () => {
    const first = opener({ isContainer: true });
    expect(await first.next()).toBe('held');
    process.kill(innerPid(first), 'SIGKILL');
    await once(first.process, 'exit');
    const start = performance.now();
    await using _state = await openFileState(path, { lease });
    expect(performance.now() - start).toBeGreaterThan(lease * 0.9);
  });

  test('is taken after a lease when the container is paused, which then writes no more', async () => {
    const first = opener({ isContainer: true });
    expect(await first.next()).toBe('held');
    expect(await first.ask('save first')).toBe('save done');
    const paused = innerPid(first);
    process.kill(paused, 'SIGSTOP');
    await using state = await openFileState(path, { lease });
    await state.store.begin({ run: 'second', place: 'here', streams: [] });
    const written = await readFile(path, 'utf8');
    process.kill(paused, 'SIGCONT');
    expect(await first.ask('save third')).toBe('claim_lost');
    expect(await first.ask('release')).toBe('release done');
    expect(await readFile(path, 'utf8')).toBe(written);
    await state.store.finish('second');
    expect(await readFile(path, 'utf8')).not.toBe(written);
  });

  test('goes to only one of two that find it dead', async () => {
    await writeFile(`${path}.lock`, record({ host: 'gone', pid: 1, startedAt: '5', namespace: 'another' }));
    const said = await Promise.all([opener({ isContainer: true }).next(), opener().next()]);
    expect(said.toSorted()).toEqual(['held', 'state_locked']);
  });
});

test('a lock file that names no process is judged by its renewals, too', async () => {
  const texts = ['', 'garbage', '{"pid":1,"startedAt":"1","host":"x"}'];
  const opened = texts.map(async (text, index) => {
    const file = join(folder, `${index}.json`);
    await writeFile(`${file}.lock`, text);
    const start = performance.now();
    await using _state = await openFileState(file, { lease });
    expect(performance.now() - start).toBeGreaterThan(lease * 0.9);
    return await readFile(`${file}.lock`, 'utf8');
  });
  for (const text of await Promise.all(opened)) expect(text).toContain(`"pid":${process.pid}`);
});

test('what killed processes left beside a lock is removed by the next holder, and nothing else', async () => {
  const { id: _, ...own } = await ownRecord();
  const other = { host: 'other', pid: 1, startedAt: '5', namespace: 'another' };
  const beside: [text: string, isOld: boolean, suffix: string, isKept: boolean][] = [
    ['', true, '', false],
    ['', true, '.dead', false],
    ['', true, `.dead.${randomUUID()}`, false],
    [record(other), true, '', false],
    [record({ ...own, startedAt: '1' }), false, '', false],
    // Who made these may live.
    ['', false, '', true],
    [record(other), false, '.dead', true],
    [record({ ...own }), true, '', true],
  ];
  const kept: string[] = [];
  for (const [text, isOld, suffix, isKept] of beside) {
    const name = `orders.state.json.lock.${randomUUID()}${suffix}`;
    const file = join(folder, name);
    await writeFile(file, text);
    const old = new Date(Date.now() - 11 * lease);
    if (isOld) await utimes(file, old, old);
    if (isKept) kept.push(name);
  }
  const strangers = ['orders.state.json.lock.old', 'orders.state.json.lock.notes.txt', 'other.lock.x'];
  for (const name of strangers) await writeFile(join(folder, name), '');
  await using _state = await openFileState(path, { lease });
  expect((await readdir(folder)).toSorted()).toEqual([...kept, ...strangers, 'orders.state.json.lock'].toSorted());
});
