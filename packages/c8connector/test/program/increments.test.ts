import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programPath } from '../fixtures/program-path.ts';

const execute = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'increments-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

const day = (date: number): string => `2024-01-0${date}T00:00:00Z`;
const listed = (count: number) => Array.from({ length: count }, (_, index) => ({ id: index + 1, at: day(index + 1) }));

/** What the program prints when the service has this many rows. */
async function read(count: number, args: readonly string[]): Promise<{ type: string; [key: string]: unknown }[]> {
  const env = { ...process.env, LIST: JSON.stringify(listed(count)) };
  const { stdout } = await execute(process.execPath, [programPath('list-source-main'), ...args], { env });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test("a source's program reads what is new after the state that it printed, and activates one version", async () => {
  const config = await file('config.json', { lookback_seconds: 86_400 });
  const { stdout } = await execute(process.execPath, [
    programPath('list-source-main'),
    '--config',
    config,
    '--discover',
  ]);
  const found = JSON.parse(stdout);
  for (const { metadata } of found.streams) metadata[0].metadata.selected = true;
  const args = ['--config', config, '--catalog', await file('catalog.json', found)];

  const first = await read(3, args);
  expect(first.map(({ type }) => type)).toEqual(['SCHEMA', 'RECORD', 'RECORD', 'RECORD', 'ACTIVATE_VERSION', 'STATE']);
  expect(first[0]).toMatchObject({ bookmark_properties: ['at'] });
  const version = first.find(({ type }) => type === 'ACTIVATE_VERSION')?.version;
  const list = {
    last_replication_method: 'INCREMENTAL',
    version,
    replication_key: 'at',
    replication_key_value: day(3),
  };
  expect(first.at(-1)?.value).toEqual({ currently_syncing: null, bookmarks: { list } });

  const second = await read(4, [...args, '--state', await file('state.json', first.at(-1)?.value)]);
  // A day back, as lookback_seconds asks.
  expect(second.flatMap(({ record }) => (record === undefined ? [] : [record]))).toMatchObject([
    { id: 2 },
    { id: 3 },
    { id: 4 },
  ]);
  expect(second.find(({ type }) => type === 'ACTIVATE_VERSION')).toMatchObject({ version });
  expect(second.at(-1)?.value).toMatchObject({ bookmarks: { list: { version, replication_key_value: day(4) } } });
});
