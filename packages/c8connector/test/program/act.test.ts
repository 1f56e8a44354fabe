import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { programPath } from '../fixtures/program-path.ts';

const program = programPath('memory-integration-main');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'act-'));
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({ password: 'open sesame', kept_in: join(folder, 'said') }),
  );
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, '--config', join(folder, 'config.json'), ...args]);
  const texts = { stdout: '', stderr: '' };
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, ...texts }));
  return { child, ended };
}

async function call(args: readonly string[], input: string) {
  const { child, ended } = start(args);
  child.stdin.end(input);
  return await ended;
}

const say = ['--action', 'say'];
const line = (text: unknown) => `${JSON.stringify({ text })}\n`;
const results = (stdout: string) =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((each) => JSON.parse(each));
const said = async () => (await readFile(join(folder, 'said'), 'utf8').catch(() => '')).split('\n').slice(0, -1);

describe('the program of an integration', () => {
  test('prints a result for each line, in order, and skips blank ones', async () => {
    const { code, stdout } = await call(say, `${line('one')}\n  \r\n${JSON.stringify({ text: 'two' })}`);
    expect([code, results(stdout)]).toEqual([
      0,
      [
        { line: 1, ok: true, output: { number: 1 } },
        { line: 4, ok: true, output: { number: 2 } },
      ],
    ]);
    expect(await said()).toEqual(['one', 'two']);
  });

  test.each(['', '\n \n'])('does nothing for the input %j', async (input) => {
    expect(await call(say, input)).toMatchObject({ code: 0, stdout: '' });
  });

  test.each([
    ['a bad input', '{"text":5}\n', 2, 'input_invalid', 'text: 5 is not text'],
    ['an input that is not an object', '["one"]\n', 2, 'input_invalid', 'the input of say'],
    ['a line that is not JSON', '{"text":"on\n', 1, 'line_invalid', 'not JSON'],
    ['a refused input', line('bad'), 1, 'action_refused', 'bad_word'],
  ])(
    '%s is reported in its result, the rest continues, and its error determines the exit code',
    async (_name, bad, code, error, says) => {
      const ended = await call(say, line('one') + bad + line('two'));
      expect(results(ended.stdout)).toEqual([
        { line: 1, ok: true, output: { number: 1 } },
        { line: 2, ok: false, error: { code: error, message: expect.stringContaining(says) } },
        { line: 3, ok: true, output: { number: 2 } },
      ]);
      expect(ended.code).toBe(code);
      expect(ended.stderr).toContain(error);
    },
  );

  test('the first failure decides the exit code', async () => {
    expect(await call(say, line('bad') + line(5))).toMatchObject({ code: 1 });
    expect(await call(say, line(5) + line('bad'))).toMatchObject({ code: 2 });
  });

  test('an unknown outcome ends it, with its line reported', async () => {
    const { code, stdout } = await call(say, line('lost') + line('two'));
    expect(results(stdout)).toEqual([
      { line: 1, ok: false, error: { code: 'outcome_unknown', message: 'the line went dead' } },
    ]);
    expect([code, await said()]).toEqual([1, ['lost']]);
  });

  test('a wrong password ends it with exit code 3', async () => {
    await writeFile(join(folder, 'config.json'), JSON.stringify({ password: 'wrong' }));
    expect(await call(say, line('one') + line('two'))).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^\{"line":1,"ok":false,.*login_refused.*\}\n$/),
    });
  });

  test.each([
    [[], '--action NAME is missing'],
    [['--action', 'sya'], "did you mean 'say'?"],
    [[...say, '--input', 'nowhere.json'], 'nowhere.json'],
    [[...say, '--discover'], 'an integration has no catalog'],
  ])('the call %j is refused with exit code 2 and nothing on stdout', async (args, says) => {
    const { code, stdout, stderr } = await call(args, line('one'));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(await said()).toEqual([]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('%s ends it while it waits for a line, and before the first one', async (signal, code) => {
    const idle = start(say);
    const fed = start(say);
    fed.child.stdin.write(line('one'));
    await once(fed.child.stdout, 'data');
    // Nothing shows that the idle one has begun to wait.
    await setTimeout(300);
    idle.child.kill(signal);
    fed.child.kill(signal);
    expect(await idle.ended).toMatchObject({ code, stdout: '' });
    expect(await fed.ended).toMatchObject({ code, stdout: expect.stringMatching(/^\{"line":1,"ok":true,.*\}\n$/) });
  });
});

describe('the program of an integration that is fed by a tap', () => {
  const schema = `{"type":"SCHEMA","stream":"a","schema":{"properties":{"id":{"type":"integer"},"name":{"type":"string"}}},"key_properties":["id"]}\n`;
  const record = (id: number, name: string) =>
    `{"type":"RECORD","stream":"a","record":{"id":${id},"name":"${name}"}}\n`;
  const state = (n: number) => `{"type":"STATE","value":{"bookmarks":{"a":{"n":${n}}}}}\n`;

  async function withFiles(input: unknown = { text: '{{id}}: {{name}}' }): Promise<string[]> {
    await writeFile(join(folder, 'input.json'), JSON.stringify(input));
    return [...say, '--input', join(folder, 'input.json'), '--results', join(folder, 'results')];
  }
  const kept = async () => results(await readFile(join(folder, 'results'), 'utf8'));

  test('makes a call of each record, writes state lines to stdout and results to their file', async () => {
    const input = schema + record(1, 'Ada') + state(1) + record(2, 'a & b') + state(2);
    const { code, stdout } = await call(await withFiles(), input);
    expect([code, stdout]).toEqual([0, '{"bookmarks":{"a":{"n":1}}}\n{"bookmarks":{"a":{"n":2}}}\n']);
    expect(await said()).toEqual(['1: Ada', '2: a &amp; b']);
    expect(await kept()).toEqual([
      { stream: 'a', row: '[1]', output: { number: 1 } },
      { stream: 'a', row: '[2]', output: { number: 2 } },
    ]);
  });

  test('adds to the results of an earlier call', async () => {
    const args = await withFiles();
    for (const id of [1, 2]) expect((await call(args, schema + record(id, 'x') + state(id))).code).toBe(0);
    expect((await kept()).map(({ row }) => row)).toEqual(['[1]', '[2]']);
  });

  test('without --input the record is the input', async () => {
    const input = `{"type":"SCHEMA","stream":"a","schema":{"properties":{"text":{"type":"string"}}},"key_properties":[]}
{"type":"RECORD","stream":"a","record":{"text":"hello"}}\n${state(1)}`;
    expect(await call(say, input)).toMatchObject({ code: 0, stdout: '{"bookmarks":{"a":{"n":1}}}\n' });
    expect(await said()).toEqual(['hello']);
  });

  test('an unknown column is exit code 2 before anything is sent', async () => {
    const { code, stdout, stderr } = await call(
      await withFiles({ text: '{{nmae}}' }),
      schema + record(1, 'x') + state(1),
    );
    expect([code, stdout, await said()]).toEqual([2, '', []]);
    expect(stderr).toContain("did you mean 'name'?");
  });

  test('a refused row ends it without the state after it', async () => {
    const input = schema + record(1, 'x') + state(1) + record(2, 'bad') + state(2);
    const { code, stdout, stderr } = await call(await withFiles({ text: '{{name}}' }), input);
    expect([code, stdout, await said()]).toEqual([1, '{"bookmarks":{"a":{"n":1}}}\n', ['x']]);
    expect(stderr).toContain("stream 'a', row [2]: bad_word");
  });

  test('a row whose outcome is unknown is warned of, and the rest continues', async () => {
    const input = schema + record(1, 'lost') + record(2, 'x') + state(2);
    const { code, stdout, stderr } = await call(await withFiles({ text: '{{name}}' }), input);
    expect([code, stdout, await said()]).toEqual([0, '{"bookmarks":{"a":{"n":2}}}\n', ['lost', 'x']]);
    expect(stderr).toContain('it is unknown whether the row was accepted');
    expect((await kept()).map(({ row }) => row)).toEqual(['[2]']);
  });

  test('a truncated line is named with its number, and the lines before it are processed', async () => {
    const { code, stdout, stderr } = await call(await withFiles(), `${schema + record(1, 'x') + state(1)}{"type":"REC`);
    expect([code, stdout, await said()]).toEqual([1, '{"bookmarks":{"a":{"n":1}}}\n', ['1: x']]);
    expect(stderr).toContain('line 4');
  });
});
