// Takes about 15 s.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programPath } from '../fixtures/program-path.ts';

const password = 'open sesame';
const schema = '{"type":"SCHEMA","stream":"a","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":[]}\n';
/** More than a pipe holds. */
const largeState = `{"type":"STATE","value":{"bookmarks":{"a":{"n":"${'x'.repeat(1_000_000)}"}}}}\n`;
const record = '{"type":"RECORD","stream":"a","record":{"id":1}}\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stalled-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

/** A program whose stdout is a pipe that is open and that nobody reads. */
async function start(program: string, args: readonly string[], input: string) {
  const pipe = join(folder, `pipe-${Math.random()}`);
  execFileSync('mkfifo', [pipe]);
  const descriptor = openSync(pipe, 'r+');
  const own = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', descriptor, 'inherit'] });
  child.stdin?.on('error', () => undefined).end(input);
  const ended = once(child, 'exit').finally(() => {
    closeSync(descriptor);
    closeSync(own);
  });
  // It writes more than the pipe holds, and only these bytes are taken from it.
  while (child.exitCode === null && !hasBytes(own)) await sleep(20);
  return { child, ended };
}

function hasBytes(pipe: number): boolean {
  try {
    return readSync(pipe, Buffer.alloc(1)) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
    throw error;
  }
}

async function sourceArguments(): Promise<string[]> {
  const config = await file('source.json', { password, rows: 100_000 });
  const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
  const properties = { id: { type: 'integer' }, name: { type: 'string' } };
  const entry = { tap_stream_id: 'generated', stream: 'generated', schema: { type: 'object', properties }, metadata };
  return ['--config', config, '--catalog', await file('catalog.json', { streams: [entry] })];
}

describe.skipIf(process.platform === 'win32')('a program whose reader has stalled', { concurrent: true }, () => {
  const programs = {
    source: async () => await start(programPath('memory-source-main'), await sourceArguments(), ''),
    target: async () =>
      await start(
        programPath('memory-target-main'),
        ['--config', await file('target.json', { password })],
        schema + record + largeState,
      ),
  };

  test.each([
    ['source', 'SIGTERM', 143],
    ['source', 'SIGHUP', 129],
    ['target', 'SIGTERM', 143],
    ['target', 'SIGINT', 130],
  ] as const)('ends a %s soon after a second %s', async (program, signal, code) => {
    const { child, ended } = await programs[program]();
    child.kill(signal);
    await sleep(100);
    expect(child.exitCode).toBe(null);
    const secondAt = Date.now();
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(Date.now() - secondAt).toBeLessThan(8_000);
  });

  test.each(['source', 'target'] as const)(
    'ends a %s after one signal, at the end of the grace period',
    async (program) => {
      const { child, ended } = await programs[program]();
      const startedAt = Date.now();
      child.kill('SIGTERM');
      expect(await ended).toEqual([143, null]);
      expect(Date.now() - startedAt).toBeLessThan(18_000);
    },
  );
});
