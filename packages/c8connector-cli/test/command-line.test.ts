import { describe, expect, test } from 'vitest';
import { helpText } from '../src/command-line.ts';
import { commandTable } from '../src/command-table.ts';
import { openFolder } from './program.ts';

const commands = commandTable.map(({ usage }) => usage.split(' ')[0] ?? '');

const wordsOf = (text: string) => new Set(text.split(/\s+/));

/** All words that the help has, as it is in the table of commands or in the help of the widest terminal. */
const wholeHelp = new Map<string, ReadonlySet<string>>();
for (const words of [[], ...commands.map((command) => [command])])
  wholeHelp.set(words.join(' '), wordsOf(await helpText(words, undefined)));

describe('help', () => {
  test('names every command and the exit codes', async () => {
    await using folder = await openFolder();
    const { code, stdout } = await folder.run(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toContain(`c8connector ${command}`);
    expect(stdout).toContain('Exit codes: 0 success');
  });

  test('of a command is shown by --help after it', async () => {
    await using folder = await openFolder();
    const { code, stdout } = await folder.run(['sync', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('c8connector sync <connection>');
  });

  test.each(commands)('of %s has an example', async (command) => {
    expect(await helpText([command], 100)).toMatch(new RegExp(`Examples:\\s+c8connector ${command}`));
  });

  /** None is wider than the last. */
  const widths = [...Array.from({ length: 13 }, (_, index) => 40 + 5 * index), 41, 79, 99, 101, 120, 200];

  test.each(widths)('breaks its lines between words, and none is wider than %i', async (width) => {
    for (const words of [[], ...commands.map((command) => [command])]) {
      const help = await helpText(words, width);
      const whole = wholeHelp.get(words.join(' '));
      expect([...wordsOf(help)].filter((word) => !whole?.has(word))).toEqual([]);
      expect(help.split('\n').filter((line) => line.length > Math.min(width, 100))).toEqual([]);
    }
  });

  test('is shown with exit code 2 when no command is given', async () => {
    await using folder = await openFolder();
    const { code, stdout } = await folder.run([]);
    expect(code).toBe(2);
    expect(stdout).toContain('Commands:');
  });

  test('is available without loading the core', async () => {
    await using folder = await openFolder();
    const traced = await folder.run(['--help'], { env: { NODE_DEBUG: 'esm' } });
    expect(traced.stderr).toContain('command-table.js');
    expect(traced.stderr).not.toContain('c8connector/dist/index.js');
  });
});

test('the version is that of the package', async () => {
  await using folder = await openFolder();
  const { code, stdout } = await folder.run(['--version']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^c8connector \d+\.\d+\.\d+\n$/);
});

describe('an invalid command line ends with exit code 2 and a message with the reason', () => {
  test.each([
    [['snyc', 'a.yaml'], "did you mean 'sync'?"],
    [['sync'], 'an argument is missing'],
    [['sync', 'a.yaml', 'b.yaml'], "unknown argument 'b.yaml'"],
    [['sync', 'a.yaml', '--ful-refresh'], 'did you mean --full-refresh?'],
    [['list', '--log-level', 'loud'], 'not a value of --log-level: "loud"'],
    [['validate', './source.mjs', '--config'], '--config needs a value'],
    [['validate', './source.mjs', '--config', 'a', '--config', 'b'], '--config is given more than once'],
    [['validate', './source.mjs'], '--config FILE is missing: c8-source-lists needs at least token, host'],
  ])('%j', async (args, message) => {
    await using folder = await openFolder();
    const { code, stdout, stderr } = await folder.run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('ConfigError call_invalid: ');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});

test('stdout that is closed by its reader causes one line and exit code 1', async () => {
  await using folder = await openFolder();
  await folder.write('config.json', { token: 'quite-secret-token', host: 'here' });
  const started = folder.start(['samples', './source.mjs', '--config', 'config.json', '--log-level', 'error']);
  started.child.stdout?.destroy();
  const { code, stderr } = await started.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^c8connector: ProtocolError output_closed: [^\n]*\n {2}[^\n]*\n$/);
});

test('an installation without the core causes one line and exit code 1', async () => {
  await using folder = await openFolder();
  const hooks = `export const resolve = (name, context, next) => {
    if (name === 'c8connector') throw new Error('there is no core');
    return next(name, context);
  };`;
  const url = JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`);
  await folder.write('without-core.mjs', `import { register } from 'node:module'; register(${url});`);
  const options = { env: { NODE_OPTIONS: `--import=${folder.path}/without-core.mjs` } };
  const { code, stderr } = await folder.run(['list'], options);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^c8connector: its own modules cannot be loaded: Error: there is no core\n$/);
});
