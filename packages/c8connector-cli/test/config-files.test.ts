import { describe, expect, test } from 'vitest';
import { openFolder } from './program.ts';

/** A source whose validate shows the config that reached it. */
const mirror = `
  import { defineSource } from 'c8connector';
  const text = { type: 'string', displayName: 'T', description: 'T.' };
  export class Mirror extends defineSource({
    package: { name: 'c8-source-mirror', version: '1.0.0' }, name: 'Mirror', description: 'Shows.',
    config: { one: text, two: text, three: { ...text, type: 'object' }, four: { ...text, type: 'integer' } },
    *check({ config }) { yield { id: 'show', label: 'Show', run: () => JSON.stringify(config) }; },
    discover: () => [], read: () => [],
  }) {}`;

async function configOf(
  files: Readonly<Record<string, string>>,
  options: { env?: Record<string, string>; stdin?: string } = {},
) {
  await using folder = await openFolder();
  await folder.write('mirror.mjs', mirror);
  for (const [name, content] of Object.entries(files)) await folder.write(name, content);
  const name = options.stdin === undefined ? (Object.keys(files)[0] ?? '') : '-';
  const { stdout } = await folder.run(['validate', './mirror.mjs', '--config', name, '--json'], options);
  const report = JSON.parse(stdout) as { steps: { id: string; message: string }[] };
  return JSON.parse(report.steps.find(({ id }) => id === 'show')?.message ?? 'null');
}

describe('a config', () => {
  test('is read from YAML, from JSON with tabs and a byte order mark, and from stdin', async () => {
    expect(await configOf({ 'a.yaml': 'one: x # why\nfour: 5\n' })).toEqual({ one: 'x', four: 5 });
    expect(await configOf({ 'a.json': '\uFEFF{\n\t"one": "x",\n\t"three": {\n\t\t"a": [1]\n\t}\n}' })).toEqual({
      one: 'x',
      three: { a: [1] },
    });
    expect(await configOf({}, { stdin: '{"one": "x"}' })).toEqual({ one: 'x' });
  });

  test('keeps the spelling of numbers where a text is expected', async () => {
    const config = 'one: 0123\ntwo: 12345678901234567890\nfour: 10';
    expect(await configOf({ 'a.yaml': config })).toEqual({ one: '0123', two: '12345678901234567890', four: 10 });
  });

  test('takes values from the environment and from files beside it, at any depth', async () => {
    const files = {
      'deep/a.yaml':
        'one: { $env: ONE }\ntwo: { $file: ./two.txt }\nthree: { list: [{ $env: ONE }] }\nfour: { $env: FOUR }',
      'deep/two.txt': 'from a file\n',
    };
    expect(await configOf(files, { env: { ONE: 'uno', FOUR: '4' } })).toEqual({
      one: 'uno',
      two: 'from a file',
      three: { list: ['uno'] },
      four: 4,
    });
  });
});

describe('a config file is refused with exit code 2 and its name', () => {
  test.each([
    ['missing.json', undefined, 'it does not exist'],
    ['garbage.json', '{"token": "quite-secret", ', 'line 1, column '],
    ['list.yaml', '- quite-secret', 'it must contain an object'],
    ['twice.yaml', 'token: quite-secret\ntoken: quite-secret', 'line 2, column 1: this key occurs twice'],
    ['tag.yaml', 'token: !quite-secret x', 'line 1, column 8: Unresolved tag'],
  ])('%s', async (name, content, reason) => {
    await using folder = await openFolder();
    if (content !== undefined) await folder.write(name, content);
    const { code, stderr } = await folder.run(['validate', './source.mjs', '--config', name]);
    expect(code).toBe(2);
    expect(stderr).toContain(`config_unreadable: config file ${folder.path}/${name}: ${reason}`);
    expect(stderr).not.toContain('quite-secret');
  });

  test('with an invalid reference', async () => {
    await using folder = await openFolder();
    await folder.write('config.yaml', 'token: { $env: [A] }\nhost: { $env: A, default: b }\n');
    const { code, stderr } = await folder.run(['validate', './source.mjs', '--config', 'config.yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain("property 'token': $env needs one text and no other key, as in { $env: NAME }");
    expect(stderr).toContain("property 'host': $env needs one text");
  });
});
