import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changedSinceBuild } from '../../src/program/stale-build.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stale-build-'));
  await writeFile(join(folder, 'package.json'), '{"name":"@acme/c8-source-shop"}');
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes an empty file that was changed at a time, in seconds. */
async function put(path: string, seconds: number): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), '');
  await utimes(join(folder, path), seconds, seconds);
}

test('a source that was changed after the build is named', async () => {
  await put('c8_source_shop/index.ts', 100);
  await put('c8_source_shop/api/client.ts', 300);
  await put('dist/index.js', 200);
  expect(await changedSinceBuild(folder)).toBe(join('c8_source_shop', 'api', 'client.ts'));
});

test('a build that is newer than all sources is not stale', async () => {
  await put('c8_source_shop/index.ts', 100);
  await put('dist/api/client.js', 200);
  expect(await changedSinceBuild(folder)).toBeUndefined();
});

test('a package that builds elsewhere, or is not named like a connector, is not judged', async () => {
  await put('c8_source_shop/index.ts', 100);
  expect(await changedSinceBuild(folder)).toBeUndefined();
  await put('dist/index.js', 50);
  await writeFile(join(folder, 'package.json'), '{"name":"shop"}');
  expect(await changedSinceBuild(folder)).toBeUndefined();
});
