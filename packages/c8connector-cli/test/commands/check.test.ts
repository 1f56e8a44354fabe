import { mkdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Folder, openFolder } from '../program.ts';

const sample = join(import.meta.dirname, '../../samples/c8-source-sample');
const compiler = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

/** A connector without a LICENSE, and with one property that its README does not know. */
async function writeConnector(folder: Folder): Promise<void> {
  await folder.write('few/package.json', { name: 'c8-source-few', version: '0.1.0', type: 'module' });
  await folder.write('few/README.md', '<!-- config -->\n<!-- /config -->\n');
  await folder.write('few/tsconfig.json', {
    compilerOptions: { module: 'nodenext', target: 'es2023', noCheck: true, resolveJsonModule: true, types: [] },
    include: ['c8_source_few'],
  });
  await folder.write(
    'few/c8_source_few/index.ts',
    `import { defineSource } from 'c8connector';
    import manifest from '../package.json' with { type: 'json' };
    const config = { url: { type: 'string', displayName: 'URL', description: 'Where.' } };
    export class Few extends defineSource({ package: manifest, name: 'Few', description: 'Few.', config, discover: () => [], async *read() {} }) {}`,
  );
  await mkdir(join(folder.path, 'node_modules'), { recursive: true });
  await symlink(compiler, join(folder.path, 'node_modules/typescript'));
}

describe('check', () => {
  test('tells each finding with its file, its rule and what to do, and ends with 1', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    const { code, stdout } = await folder.run(['check', 'few/', '--only', 'layout', '--only', 'description']);
    expect(stdout).toContain('✗ LICENSE: it is missing (layout)\n  Add the text of the license.\n');
    expect(stdout).toMatch(
      /✗ package\.json: license is missing \(description\)\n {2}Set license\.\nc8-source-few: 6 findings\n$/,
    );
    expect(code).toBe(1);
  });

  test('gives the findings as JSON, of the folder where it is called', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    const { code, stdout } = await folder.run(['check', '--json', '--only', 'esm', '--only', 'version'], {
      folder: join(folder.path, 'few'),
    });
    expect([code, JSON.parse(stdout)]).toEqual([0, { package: 'c8-source-few', findings: [] }]);
    const failed = await folder.run(['check', 'few', '--json', '--only', 'bin']);
    const finding = { rule: 'bin', file: 'package.json', message: 'bin has no c8-source-few', fix: expect.any(String) };
    expect([failed.code, JSON.parse(failed.stdout)]).toEqual([1, { package: 'c8-source-few', findings: [finding] }]);
  });

  test('--update renews the config of the README and makes about.json', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    const flags = ['--only', 'readme-config', '--only', 'about-file'];
    const { stderr, stdout } = await folder.run(['check', 'few', '--update', ...flags]);
    expect(stderr).toBe('wrote README.md\nwrote about.json\n');
    expect(stdout).toBe('✓ c8-source-few keeps all 2 guidelines\n');
    expect(await folder.read('few/README.md')).toContain('| `url` | string |');
    expect(JSON.parse(await folder.read('few/about.json'))).toMatchObject({
      packageName: 'c8-source-few',
      type: 'source',
    });
  });

  test('--watch checks again after a change, until a signal', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    const { child, says, ended } = folder.start(['check', 'few', '--watch', '--only', 'esm']);
    await says('keeps the guideline');
    await says('Waiting for a change');
    await folder.write('few/package.json', '{ "name": ');
    await folder.write('few/package.json', { name: 'c8-source-few', type: 'commonjs' });
    await says('type is "commonjs" (esm)');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  test.each([
    ['a folder without a package', ['check', '.'], 'has no package.json'],
    ['a rule that does not exist', ['check', '.', '--only', 'licence'], 'package-name, module-folder, layout'],
    ['a number without the kit', ['check', '.', '--only', '34'], 'Add --conformance.'],
    ['a type without a program', ['check', '.', '--type', 'tap'], 'Give --singer'],
  ])('%s is a wrong call', async (_, args, part) => {
    await using folder = await openFolder();
    const { code, stderr, stdout } = await folder.run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(part);
  });
});

describe('check --conformance', () => {
  test('runs the numbers that are asked for, and shows what vitest shows', async () => {
    await using folder = await openFolder();
    const { code, stdout, stderr } = await folder.run([
      'check',
      sample,
      '--conformance',
      '--only',
      '5',
      '--only',
      '34',
    ]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/2 passed/);
    expect(code).toBe(0);
  });

  test('ends with 1 when the kit finds something', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    await folder.write('few/vitest.config.mjs', 'export default {};');
    await folder.write(
      'few/test/conformance.test.ts',
      "import { test } from 'vitest';\ntest('1 fails', () => { throw new Error('lost rows'); });\n",
    );
    await symlink(
      dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
      join(folder.path, 'node_modules/vitest'),
    );
    const { code, stdout, stderr } = await folder.run(['check', 'few', '--conformance', '--json', '--only', 'esm']);
    expect([code, JSON.parse(stdout)]).toEqual([1, { package: 'c8-source-few', findings: [], conformance: 'failed' }]);
    expect(stderr).toContain('lost rows');
  });

  test('says when there is no vitest, no test, or no such number', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    const call = ['check', 'few', '--conformance', '--only', 'esm'];
    expect(await folder.run(call)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no test/conformance.test.ts'),
    });
    await folder.write('few/test/conformance.test.ts', '');
    expect(await folder.run(call)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm install --save-dev vitest'),
    });
    const unknown = await folder.run(['check', 'few', '--conformance', '--only', '999']);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('no check 999 for a source') });
  });
});
