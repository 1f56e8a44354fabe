// Takes about 15 s.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programPath } from '../fixtures/program-path.ts';

let folder: string;
let config: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unread-'));
  config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify({ password: 'open sesame' }));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A pipe that nobody reads, and that holds as much as it can already. */
function fullPipe(name: string) {
  const path = join(folder, `${name}-${Math.random()}`);
  execFileSync('mkfifo', [path]);
  // A program gets the end that waits, as a shell gives it.
  const waiting = openSync(path, 'r+');
  const own = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  for (const size of [4096, 1]) {
    try {
      for (;;) writeSync(own, Buffer.alloc(size, 0x20));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
  return {
    waiting,
    /** What is in the pipe behind what filled it. */
    read() {
      const bytes = Buffer.alloc(1 << 20);
      let length = 0;
      try {
        for (;;) length += readSync(own, bytes, length, bytes.length - length, null);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
      return bytes.subarray(0, length).toString().trimStart();
    },
    [Symbol.dispose]() {
      closeSync(waiting);
      closeSync(own);
    },
  };
}

/** Whether a write to a pipe that is full waits: that is of the pipe, and not of the process. */
async function waits(descriptor: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const [, flags = ''] = /flags:\s+(\d+)/.exec(await readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? [];
  return (Number.parseInt(flags, 8) & constants.O_NONBLOCK) === 0;
}

/** A line that is warned of, since it has no key_properties. */
const warned = (stream: number) => `{"type":"SCHEMA","stream":"s${stream}","schema":{"properties":{"id":{}}}}\n`;
const record = '{"type":"RECORD","stream":"s1","record":{"id":1}}\n';
const state = '{"type":"STATE","value":{"at":1}}\n';
/** Far more than stands between two processes. */
const many = record.repeat(100_000);

describe.skipIf(process.platform === 'win32')(
  'a program whose stdout and stderr are full, and not read,',
  { concurrent: true },
  () => {
    function start(stdout: number, stderr: number) {
      const child = spawn(process.execPath, [programPath('memory-target-main'), '--config', config], {
        stdio: ['pipe', stdout, stderr],
      });
      child.stdin?.on('error', () => undefined);
      return { child, input: child.stdin, ended: once(child, 'exit') };
    }

    test.each([
      ['SIGTERM', 143],
      ['SIGINT', 130],
      ['SIGHUP', 129],
    ] as const)('ends after one %s with %i', { timeout: 60_000 }, async (signal, code) => {
      using stdout = fullPipe('stdout');
      using stderr = fullPipe('stderr');
      const { child, input, ended } = start(stdout.waiting, stderr.waiting);
      // Behind the warnings it reads on: it does not wait for whoever should read them.
      input?.write([1, 2, 3].map(warned).join(''));
      await new Promise((resolve) => input?.write(many + state, resolve));
      const signalAt = Date.now();
      child.kill(signal);
      expect(await ended).toEqual([code, null]);
      expect(Date.now() - signalAt).toBeLessThan(20_000);
    });

    test('reports its failure by its exit code', { timeout: 60_000 }, async () => {
      using stdout = fullPipe('stdout');
      using stderr = fullPipe('stderr');
      const { input, ended } = start(stdout.waiting, stderr.waiting);
      input?.end(`${warned(1)}no JSON\n`);
      expect(await ended).toEqual([1, null]);
    });

    test('reports how many lines are missing once stderr is read', { timeout: 60_000 }, async () => {
      using stderr = fullPipe('stderr');
      const { child, input, ended } = start(2, stderr.waiting);
      input?.write([1, 2, 3].map(warned).join(''));
      await new Promise((resolve) => input?.write(many, resolve));
      stderr.read();
      input?.end(warned(4));
      await ended;
      const lines = stderr
        .read()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(child.exitCode).toBe(0);
      expect(lines).toMatchObject([
        { level: 40, name: 'c8-target-memory', lines: 3, msg: 'nobody read stderr: lines of it are missing here' },
        { level: 40, msg: expect.stringContaining('"s4"') },
      ]);
    });

    test('leaves the pipe in blocking mode for other programs that write to it', async () => {
      using stderr = fullPipe('stderr');
      const { input, ended } = start(2, stderr.waiting);
      input?.write(warned(1));
      await new Promise((resolve) => input?.write(many, resolve));
      const other = spawn('sh', ['-c', 'echo other >&2 && echo done'], { stdio: ['ignore', 'pipe', stderr.waiting] });
      const done = once(other.stdout as NodeJS.EventEmitter, 'data');
      // While it runs: at its very end Node itself makes a pipe not wait, for some milliseconds.
      expect(await waits(stderr.waiting)).toBe(true);
      stderr.read();
      expect(String(await done)).toBe('done\n');
      input?.end();
      await ended;
    });
  },
);
