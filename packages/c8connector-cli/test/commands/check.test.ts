import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../program.ts';
import { writeConnector } from './few-connector.ts';

describe('check', () => {
  test('reports each finding with its file, its rule and what to do, and ends with 1', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    const { code, stdout } = await folder.run(['check', 'few/', '--only', 'layout', '--only', 'description']);
    expect(stdout).toContain('✗ LICENSE: it is missing (layout)\n  Add the text of the license.\n');
    expect(stdout).toMatch(
      /✗ package\.json: license is missing \(description\)\n {2}Set license\.\nc8-source-few: 6 findings\n$/,
    );
    expect(code).toBe(1);
  });

  test('prints the findings for the current folder as JSON', async () => {
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

  test('--update renews the config of the README', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    const flags = ['--only', 'readme-config', '--only', 'about-file'];
    const { stderr, stdout } = await folder.run(['check', 'few', '--update', ...flags]);
    expect(stderr).toBe('wrote README.md\n');
    expect(stdout).toBe('✓ c8-source-few follows all 2 guidelines\n');
    expect(await folder.read('few/README.md')).toContain('| `url` | string |');
  });

  test('--watch checks again after a change, until a signal', async () => {
    await using folder = await openFolder();
    await writeConnector(folder);
    const { child, says, ended } = folder.start(['check', 'few', '--watch', '--only', 'esm']);
    await says('follows the guideline');
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
    ['a type without a program', ['check', '.', '--type', 'tap'], 'Add --singer'],
  ])('%s is an invalid command line', async (_, args, part) => {
    await using folder = await openFolder();
    const { code, stderr, stdout } = await folder.run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(part);
  });
});
