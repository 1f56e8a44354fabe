import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Folder, openFolder } from './program.ts';

/** Puts the fixture source into node_modules as a package. */
async function install(folder: Folder, packageName: string, entry: object = { exports: './index.mjs' }): Promise<void> {
  await folder.write(`node_modules/${packageName}/package.json`, { name: packageName, version: '9.9.9', ...entry });
  await cp(join(folder.path, 'source.mjs'), join(folder.path, 'node_modules', packageName, 'index.mjs'));
}

describe('a connector is found', () => {
  test('by the name of a package in node_modules, whatever form its exports have', async () => {
    await using folder = await openFolder();
    await install(folder, 'c8-source-plain');
    await install(folder, '@acme/c8-source-scoped', {
      exports: { '.': { types: './no.d.ts', import: './index.mjs' } },
    });
    await install(folder, 'c8-source-main', { main: 'index.mjs' });
    for (const name of ['c8-source-plain', '@acme/c8-source-scoped', 'c8-source-main']) {
      const { code, stdout } = await folder.run(['about', name, '--json']);
      expect([name, code, JSON.parse(stdout).name]).toEqual([name, 0, 'Lists']);
    }
  });

  test('from a folder below the one with node_modules', async () => {
    await using folder = await openFolder();
    await install(folder, 'c8-source-plain');
    await folder.write('deep/er/file', '');
    const { code } = await folder.run(['about', 'c8-source-plain'], { folder: join(folder.path, 'deep/er') });
    expect(code).toBe(0);
  });

  test('by the path of a module, of a package and of the package around', async () => {
    await using folder = await openFolder();
    await install(folder, 'c8-source-plain');
    for (const path of ['./source.mjs', join(folder.path, 'source.mjs'), './node_modules/c8-source-plain']) {
      expect((await folder.run(['about', path])).code).toBe(0);
    }
    const inside = { folder: join(folder.path, 'node_modules/c8-source-plain') };
    expect((await folder.run(['about', '.'], inside)).code).toBe(0);
    expect((await folder.run(['about', 'c8-source-plain'], inside)).code).toBe(0);
  });
});

describe('a module that is not a connector is reported', () => {
  test('a name that is not installed, with the nearest that is', async () => {
    await using folder = await openFolder();
    await install(folder, 'c8-source-plain');
    for (const [name, hint] of [
      ['c8-source-plian', "did you mean 'c8-source-plain'?"],
      ['plain', "did you mean 'c8-source-plain'?"],
      ['c8-target-telephone', 'installed are '],
    ] as const) {
      const { code, stderr } = await folder.run(['about', name]);
      expect(code).toBe(2);
      expect(stderr).toContain(`ConfigError connector_unknown: unknown connector '${name}'; ${hint}`);
    }
  });

  test('a path that does not exist', async () => {
    await using folder = await openFolder();
    const { code, stderr } = await folder.run(['about', './nowhere.mjs']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `connector_unknown: unknown connector './nowhere.mjs'; there is nothing at ${folder.path}`,
    );
  });

  test('a package whose module does not exist, as before its build', async () => {
    await using folder = await openFolder();
    await install(folder, 'c8-source-plain', { exports: './dist/index.js' });
    const { code, stderr } = await folder.run(['about', 'c8-source-plain']);
    expect(code).toBe(1);
    expect(stderr).toContain("connector_unloadable: connector 'c8-source-plain' cannot be loaded: ");
    expect(stderr).toContain('is it built?');
  });

  test('a module that throws, or that exports no connector or two', async () => {
    await using folder = await openFolder();
    await folder.write('broken.mjs', "import 'a-package-that-is-not-there';");
    await folder.write('none.mjs', 'export class Other {}\nexport function main() { throw new Error("called"); }\n');
    await folder.write('two.mjs', "export * from './source.mjs';\nexport * from './target.mjs';\n");
    await folder.write('again.mjs', "export { Lists, Lists as Same } from './source.mjs';\n");
    const about = async (path: string) => await folder.run(['about', path]);
    expect(await about('./broken.mjs')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Cannot find package 'a-package"),
    });
    expect(await about('./none.mjs')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no class that implements'),
    });
    expect(await about('./two.mjs')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('more than one connector (c8-target-files, c8-source-lists)'),
    });
    expect(await about('./again.mjs')).toMatchObject({ code: 0 });
  });
});

describe('list', () => {
  test('shows name, type, version and package of the installed connectors, as a table and as JSON', async () => {
    await using folder = await openFolder();
    await install(folder, 'c8-source-plain');
    const { code, stdout } = await folder.run(['list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ name +│ type +│ version +│ package +│/);
    expect(stdout).toMatch(/│ Lists +│ source +│ 1\.2\.3 +│ c8-source-lists +│/);
    const asJson = JSON.parse((await folder.run(['list', '--json'])).stdout);
    expect(asJson).toContainEqual({ name: 'Lists', type: 'source', version: '1.2.3', package: 'c8-source-lists' });
  });

  test('does not show connectors that only NODE_PATH finds, since an import would not find them', async () => {
    await using folder = await openFolder();
    await using elsewhere = await openFolder();
    await install(elsewhere, 'c8-source-plain');
    const { stdout } = await folder.run(['list'], { env: { NODE_PATH: `${elsewhere.path}/node_modules` } });
    expect(stdout).not.toContain('Lists');
  });

  test('reports a broken connector and shows the others', async () => {
    await using folder = await openFolder();
    await install(folder, 'c8-source-plain');
    await install(folder, 'c8-source-broken', { exports: './nothing.js' });
    const { code, stdout, stderr } = await folder.run(['list']);
    expect(code).toBe(0);
    expect(stdout).toContain('Lists');
    expect(stderr).toContain("connector 'c8-source-broken' cannot be loaded");
  });
});
