import { symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../program.ts';
import { writeConnector } from './few-connector.ts';

const sample = join(import.meta.dirname, '../../samples/c8-source-sample');

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

  test('reports when there is no vitest, no test, or no such number', async () => {
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
