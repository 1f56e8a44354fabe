import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outsideOfCi, packAll } from './packed.ts';
import { openRegistry } from './registry.ts';
import { root } from './workspace-packages.ts';

describe('Publishing what was packed', { timeout: 120_000 }, () => {
  let folder: string;
  let packed: readonly { readonly name: string; readonly file: string }[];
  let registry: Awaited<ReturnType<typeof openRegistry>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'c8connector-publish-'));
    await packAll(join(folder, 'release'));
    packed = JSON.parse(await readFile(join(folder, 'release/packages.json'), 'utf8'));
    registry = await openRegistry();
    await writeFile(join(folder, 'npmrc'), `${registry.url.replace('http:', '')}:_authToken=any\n`);
  }, 120_000);
  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the program that publishes, with the local registry as npm's. */
  async function publish(...words: readonly string[]) {
    const program = join(root, 'scripts/release/publish.mjs');
    const env = {
      ...outsideOfCi(),
      npm_config_registry: registry.url,
      npm_config_userconfig: join(folder, 'npmrc'),
      npm_config_cache: join(folder, 'cache'),
    };
    const child = spawn(process.execPath, [program, ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { output: `${stdout}${stderr}`, code };
  }

  test('sends nothing with --dry-run', async () => {
    expect(await publish('--dry-run')).toMatchObject({ code: 0 });
    expect(registry.published()).toEqual([]);
  });

  test('publishes nothing when a tarball differs from the one that was packed', async () => {
    const changed = join(folder, 'changed');
    await cp(join(folder, 'release'), changed, { recursive: true });
    const [file = ''] = (await readdir(changed)).filter((name) => name.startsWith('c8connector-cli'));
    await appendFile(join(changed, file), 'x');
    const { output, code } = await publish(changed);
    expect(code).toBe(1);
    expect(output).toContain(`${file} is not the tarball that was packed`);
    expect(registry.published()).toEqual([]);
  });

  test('sends the tarballs byte for byte and nothing else, each package after those that it depends on', async () => {
    expect(await publish()).toMatchObject({ code: 0 });
    const published = registry.published();
    expect(published.map(({ name }) => name)).toEqual(packed.map(({ name }) => name));
    for (const [index, { name, tarball, dependencies }] of published.entries()) {
      expect(tarball.equals(await readFile(join(folder, 'release', packed[index]?.file ?? ''))), name).toBe(true);
      const later = published.slice(index).map((each) => each.name);
      expect(dependencies.filter((dependency) => later.includes(dependency))).toEqual([]);
    }
  });

  test('does not send again what the registry already has', async () => {
    const before = registry.published().length;
    const { output, code } = await publish();
    expect(code).toBe(0);
    for (const { name } of packed)
      expect(output).toMatch(new RegExp(`^${name}@[\\d.]+ is on the registry already$`, 'm'));
    expect(registry.published()).toHaveLength(before);
  });
});
