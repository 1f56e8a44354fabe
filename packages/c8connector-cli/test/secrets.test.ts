import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { connection, type Ended, type Folder, openFolder } from './program.ts';

const fails = ['never', 'check', 'discover', 'read', 'plainly', 'always'] as const;
const token = `tok/${randomBytes(12).toString('base64')}+"'`;
const key = randomBytes(12).toString('hex');

function expectNoSecret(text: string): void {
  for (const secret of [token, key]) {
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
    ];
    for (const form of forms) expect(text.includes(form)).toBe(false);
  }
}

function expectSilent({ stdout, stderr }: Ended): void {
  expectNoSecret(stdout);
  expectNoSecret(stderr);
}

async function expectSilentFiles(folder: Folder): Promise<void> {
  for (const name of await readdir(folder.path)) {
    if (/\.(state|run)\.json$/.test(name)) expectNoSecret(await folder.read(name));
  }
}

describe.each(fails)('with a source that fails: %s, no secret is written', (failure) => {
  test('by a sync, in its output, its state and its record', async () => {
    await using folder = await openFolder();
    const source = { token: { $env: 'TOKEN' }, fails: failure };
    await folder.write('copy.json', connection({ source, target: { key: { $file: 'key.txt' }, refuses: 'list-2' } }));
    await folder.write('key.txt', `${key}\n`);
    const env = { TOKEN: token };
    const ended = await folder.run(['sync', 'copy.json', '--log-level', 'debug'], { env });
    expectSilent(ended);
    // The planted secret did get as far as the connectors: its place is marked.
    expect(ended.stderr).toContain('[secret]');
    await expectSilentFiles(folder);
  });
});

test('no secret is written by a sync that shows its events or its bars', async () => {
  await using folder = await openFolder();
  await folder.write('copy.json', connection({ source: { token, fails: 'read' }, target: { key, refuses: 'list-2' } }));
  const events = await folder.run(['sync', 'copy.json', '--json']);
  expect(events.stdout).toContain('says [secret]');
  expectSilent(events);
  const bars = await folder.runOnTerminal(['sync', 'copy.json']);
  expect(bars.stdout).toContain('says [secret]');
  expectSilent(bars);
});

test.each([
  ['validate', 'check'],
  ['samples', 'always'],
  ['schemas', 'discover'],
  ['discover', 'discover'],
])('no secret is written by %s with a source that fails: %s', async (command, failure) => {
  await using folder = await openFolder();
  await folder.write('config.json', { token, host: 'here', rows: 5, fails: failure });
  const ended = await folder.run([command, './source.mjs', '--config', 'config.json', '--log-level', 'debug']);
  expect(ended.stdout + ended.stderr).toContain('[secret]');
  expectSilent(ended);
});

test('a secret under a misspelt key, one beside a missing variable, and one in broken YAML are not shown', async () => {
  await using folder = await openFolder();
  await folder.write('misspelt.json', { tokn: token, host: 7, mode: token });
  await folder.write('missing.json', { token, host: { $env: 'NOT_SET' }, rows: token });
  await folder.write('broken.yaml', `token: "${key}\nhost: ${key}: ${key}\n`);
  for (const file of ['misspelt.json', 'missing.json', 'broken.yaml']) {
    const ended = await folder.run(['validate', './source.mjs', '--config', file, '--log-level', 'debug']);
    expect(ended.code).toBe(2);
    expectSilent(ended);
  }
});

test('a stack trace is reported with --log-level debug only', async () => {
  await using folder = await openFolder();
  await folder.write('config.json', { token, host: 'here', fails: 'discover' });
  const args = ['discover', './source.mjs', '--config', 'config.json'];
  expect((await folder.run(args)).stderr).not.toContain('    at ');
  const { stderr } = await folder.run([...args, '--log-level', 'debug']);
  expect(stderr).toContain('    at ');
  expect(stderr).toContain('caused by Error: wire said [secret]');
});
