import { describe, expect, test } from 'vitest';
import { openFolder } from '../program.ts';

const config = { token: 'quite-secret-token', host: 'here', rows: 12 };

describe('samples', () => {
  test('shows a table for each stream with long values cut and control characters written out', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', config);
    const { code, stdout } = await folder.run(['samples', './source.mjs', '--config', 'config.json']);
    expect(code).toBe(0);
    expect(stdout).toContain('list-1: 10 rows\n');
    expect(stdout).toContain('list-2: 10 rows\n');
    expect(stdout).toMatch(/│ +1 │ wörd \\u001b\[31m long long long … │ 12345678901234567890 │/);
  });

  test('fits a narrow terminal and names the columns that do not', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', config);
    const { stdout } = await folder.run(['samples', './source.mjs', '--config', 'config.json'], {
      env: { COLUMNS: '40' },
    });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(stdout).toContain('and 1 more column: amount');
  });

  test('prints JSON with every digit, for the selected streams only', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', config);
    const { stdout } = await folder.run([
      'samples',
      './source.mjs',
      '--config',
      'config.json',
      '--stream',
      'list-2',
      '--json',
    ]);
    const samples = JSON.parse(stdout);
    expect(samples).toHaveLength(1);
    expect(samples[0].schema.name).toBe('list-2');
    expect(samples[0].data).toHaveLength(10);
    expect(stdout).toContain('"amount": 12345678901234567890');
  });

  test('names a stream that does not exist, and the nearest one', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', config);
    const args = ['samples', './source.mjs', '--config', 'config.json', '--stream', 'lst-1', '--stream', 'zebra'];
    const { code, stderr } = await folder.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain("stream_unknown: the source has no stream 'lst-1'; did you mean 'list-1'?");
    expect(stderr).toContain("the source has no stream 'zebra'");
  });

  test('are reported as none for a target', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', { folder: 'out' });
    const { code, stdout } = await folder.run(['samples', './target.mjs', '--config', 'config.json']);
    expect([code, stdout]).toEqual([0, 'c8-target-files shows no streams.\n']);
  });
});

describe('schemas', () => {
  test('shows the columns and their types', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', config);
    const { code, stdout } = await folder.run([
      'schemas',
      './source.mjs',
      '--config',
      'config.json',
      '--stream',
      'list-1',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^list-1\n/);
    expect(stdout).toMatch(/│ word +│ string │/);
    expect(stdout).not.toContain('list-2');
  });
});

describe('discover', () => {
  test('lists streams, columns, keys and row estimates', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', config);
    const { code, stdout } = await folder.run(['discover', './source.mjs', '--config', 'config.json']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ list-1 +│ +3 │ id +│ +12 │/);
  });

  test('prints the Singer catalog as JSON', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', config);
    const { stdout } = await folder.run(['discover', './source.mjs', '--config', 'config.json', '--json']);
    expect(JSON.parse(stdout).streams.map((entry: { tap_stream_id: string }) => entry.tap_stream_id)).toEqual([
      'list-1',
      'list-2',
    ]);
  });

  test('is refused for a target', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', { folder: 'out' });
    const { code, stderr } = await folder.run(['discover', './target.mjs', '--config', 'config.json']);
    expect(code).toBe(2);
    expect(stderr).toContain('c8-target-files is a target: only a source has streams to discover');
  });

  test('ends with exit code 3 when the login is refused', async () => {
    await using folder = await openFolder();
    await folder.write('config.json', { ...config, fails: 'discover' });
    const { code, stderr } = await folder.run(['discover', './source.mjs', '--config', 'config.json']);
    expect(code).toBe(3);
    expect(stderr).toContain(
      'ConnectionError login_refused: login refused for https://me:[secret]@here/\n  Check the user',
    );
  });
});
