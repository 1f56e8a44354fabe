import { describe, expect, test } from 'vitest';
import { openFolder } from '../program.ts';

const good = { token: 'quite-secret-token', host: 'here' };

describe('validate', () => {
  test('reports each step with its sign, message, remedy and time', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', good);
    const { code, stdout } = await folder.run(['validate', './source.mjs', '--config', 'config.json']);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/\d+ ms$/, 'N ms'))).toEqual([
      '✓ Config                 All properties are valid.  N ms',
      '✓ Address                reached here  N ms',
      '! Rights                 few rights  N ms',
      '    Grant more.',
      '✓ Log in                 logged in  N ms',
      '',
    ]);
  });

  test('ends with the exit code of the step that failed', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', { ...good, fails: 'check' });
    const { code, stdout, stderr } = await folder.run(['validate', './source.mjs', '--config', 'config.json']);
    expect(code).toBe(3);
    expect(stdout).toContain('✗ Log in                 login refused for https://me:[secret]@here/');
    expect(stderr).toContain("ValidationError login_refused: c8-source-lists: step 'Log in' failed");
  });

  test('prints the report as JSON', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', { ...good, fails: 'check' });
    const { code, stdout } = await folder.run(['validate', './source.mjs', '--config', 'config.json', '--json']);
    expect(code).toBe(3);
    const report = JSON.parse(stdout);
    expect(report.ok).toBe(false);
    expect(report.steps.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual([
      'config passed',
      'address passed',
      'rights warning',
      'login failed',
    ]);
    expect(stdout).not.toContain('quite-secret-token');
  });

  test('reports all five mistakes of a config', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', { rows: 'many', streams: 1.5, mode: 'fats', is_tidy: 'perhaps' });
    const { code, stdout } = await folder.run(['validate', './source.mjs', '--config', 'config.json']);
    expect(code).toBe(2);
    for (const property of ['token', 'host', 'rows', 'streams', 'mode', 'is_tidy']) {
      expect(stdout).toMatch(new RegExp(`^ {4}${property}: `, 'm'));
    }
  });

  test('has colours on a terminal, and none with NO_COLOR', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', good);
    const args = ['validate', './source.mjs', '--config', 'config.json'];
    expect((await folder.runOnTerminal(args)).stdout).toContain('\u001b[32m✓\u001b[39m Config');
    expect((await folder.runOnTerminal(args, { env: { NO_COLOR: '1' } })).stdout).toContain('✓ Config');
  });
});
