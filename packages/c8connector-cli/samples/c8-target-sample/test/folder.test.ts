import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probe, save } from '../c8_target_sample/folder.ts';
import { readBack } from './read-back.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'c8-target-sample-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const lines = (...rows: object[]) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

describe('A flush', () => {
  it('makes one file for each stream and version, named after both', async () => {
    await save(folder, [
      { stream: 'a/b', version: 1, lines: lines({ id: 1 }) },
      { stream: 'a/b', version: 1, lines: lines({ id: 2 }, { id: 3 }) },
      { stream: 'a/b', version: 2, lines: lines({ id: 4 }) },
      { stream: '..', version: 0, lines: lines({ id: 5 }) },
    ]);
    const begins = (await readdir(folder)).map((name) => name.replace(/-\d+-[-0-9a-f]{36}\.jsonl$/, '')).sort();
    expect(begins).toEqual(['..-0', 'a%2Fb-1', 'a%2Fb-2']);
    expect(await readBack(folder, 'a/b')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    expect(await readBack(folder, '..')).toEqual([{ id: 5 }]);
  });

  it('without rows makes no file', async () => {
    await save(folder, []);
    expect(await readdir(folder)).toEqual([]);
  });

  it('into a folder that does not exist is refused, and nothing is left', async () => {
    const missing = join(folder, 'missing');
    await expect(save(missing, [{ stream: 'a', version: 0, lines: lines({}) }])).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'access_denied',
      details: { property: 'folder' },
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

it('The check leaves no file behind', async () => {
  await probe(folder);
  expect(await readdir(folder)).toEqual([]);
});
