// Takes about 15 s.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keptRows } from '../fixtures/kept-rows.ts';
import { programPath } from '../fixtures/program-path.ts';

const source = programPath('memory-source-main');
const target = programPath('memory-target-main');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'program-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A blank line that no pipe holds: once it is written, the program has begun to read. */
const longLine = `${' '.repeat(1 << 20)}\n`;

/** Runs a program with an input that ends, or stays open when `signal` is given, which is sent once the program has read the input. */
async function call(program: string, args: readonly string[], input = '', signal?: NodeJS.Signals): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args]);
  const texts = { stdout: '', stderr: '' };
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  if (signal === undefined) child.stdin.end(input);
  else {
    child.stdin.write(input + longLine, () => {
      child.kill(signal);
      // As in a pipe whose first program got the same signal and ends a little later; the other signal meets an input that stays open.
      if (signal === 'SIGINT') setTimeout(() => child.stdin.end(), 1000);
    });
  }
  const [status, ended] = await once(child, 'close');
  return { code: status ?? ended, ...texts };
}

const password = 'open sesame';
const schema =
  '{"type":"SCHEMA","stream":"a","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}\n';
const record = (id: number) => `{"type":"RECORD","stream":"a","record":{"id":${id}}}\n`;
const state = (n: number) => `{"type":"STATE","value":{"bookmarks":{"a":{"n":${n}}}}}\n`;

/** The streams of the source are the same for every config here. */
let discovered: Promise<Ended> | undefined;
async function selected(config: string): Promise<string> {
  discovered ??= call(source, ['--config', config, '--discover']);
  const catalog = JSON.parse((await discovered).stdout);
  for (const { metadata } of catalog.streams) metadata[0].metadata.selected = true;
  return await file('catalog.json', catalog);
}

describe("a source's program", () => {
  test('writes SCHEMA and records, then ACTIVATE_VERSION and the state of a run that is over', async () => {
    const config = await file('good.json', { password });
    const { code, stdout, stderr } = await call(source, ['--config', config, '--catalog', await selected(config)]);
    const messages = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([code, stderr]).toEqual([0, '']);
    expect(messages.slice(0, 2).map(({ type }) => type)).toEqual(['SCHEMA', 'RECORD']);
    expect(messages.slice(-2).map(({ type }) => type)).toEqual(['ACTIVATE_VERSION', 'STATE']);
    expect(messages.filter(({ type }) => type === 'STATE')).toHaveLength(1);
    expect(messages.filter(({ type }) => type === 'RECORD')).toHaveLength(25);
    expect(messages.at(-1)).toMatchObject({
      type: 'STATE',
      value: { currently_syncing: null, bookmarks: { generated: { last_replication_method: 'FULL_TABLE' } } },
    });
  });

  test('prints as many states for many streams as for one', async () => {
    const empty = { schema: { type: 'object', properties: { id: { type: 'integer' } } }, rows: [] };
    const streams = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`s${index}`, empty]));
    const config = await file('many-streams.json', { password, streams });
    const catalog = JSON.parse((await call(source, ['--config', config, '--discover'])).stdout);
    for (const { metadata } of catalog.streams) metadata[0].metadata.selected = true;
    const { stdout } = await call(source, ['--config', config, '--catalog', await file('many-catalog.json', catalog)]);
    const types = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(types.filter((type) => type === 'SCHEMA')).toHaveLength(300);
    expect(types.filter((type) => type === 'STATE')).toHaveLength(1);
  });

  test('resumes after the state of an interrupted run, in its version', async () => {
    const config = await file('good.json', { password });
    const bookmark = { last_replication_method: 'FULL_TABLE', version: 5, next: 20 };
    const before = await file('before.json', { currently_syncing: 'generated', bookmarks: { generated: bookmark } });
    const { stdout } = await call(source, ['--config', config, '--catalog', await selected(config), '--state', before]);
    const records = stdout.split('\n').filter((line) => line.includes('"RECORD"'));
    expect(records).toHaveLength(5);
    expect(records.every((line) => line.includes('"version":5'))).toBe(true);
  });

  test.each([
    ['--version', 'c8-source-memory 1.0.0'],
    ['--about', '"packageName": "c8-source-memory"'],
    ['--about --format markdown', '| `password` |'],
    ['--help', '--discover'],
  ])('%s needs no config', async (args, expected) => {
    const { code, stdout } = await call(source, args.split(' '));
    expect(code).toBe(0);
    expect(stdout).toContain(expected);
  });

  test('--validate prints the report and exits with the code of what failed', async () => {
    const good = await call(source, ['--config', await file('good.json', { password }), '--validate']);
    expect([good.code, JSON.parse(good.stdout).ok]).toEqual([0, true]);
    const bad = await call(source, ['--config', await file('wrong.json', { password: 'wrong' }), '--validate']);
    expect([bad.code, JSON.parse(bad.stdout).steps.at(-1)]).toMatchObject([
      3,
      { id: 'login', status: 'failed', property: 'password' },
    ]);
  });

  test('lets no escape sequence of a name or a value reach the terminal', async () => {
    const hostile = 'a\u001b]0;title\u0007\u009b31m\r\n\u202e\u007f\u{e0001}';
    const properties = { [hostile]: { type: 'string' } };
    const streams = { [hostile]: { schema: { type: 'object', properties }, rows: [{ [hostile]: hostile }] } };
    const config = await file('hostile.json', { password, streams });
    const catalog = JSON.parse((await call(source, ['--config', config, '--discover'])).stdout);
    catalog.streams[0].metadata[0].metadata.selected = true;
    const good = await file('hostile-catalog.json', catalog);
    const unknown = { ...catalog.streams[0], tap_stream_id: `${hostile}!`, stream: `${hostile}!` };
    const bad = await file('unknown-catalog.json', { streams: [unknown] });
    for (const [args, code] of [
      [['--discover'], 0],
      [['--samples'], 0],
      [['--schemas'], 0],
      [['--validate'], 0],
      [['--catalog', bad], 2],
      [['--catalog', bad, '--log-level', 'debug'], 2],
      [['--catalog', `${good}${hostile}`], 2],
      [[`--${hostile}`], 2],
    ] as const) {
      const ended = await call(source, ['--config', config, ...args]);
      expect(ended.code).toBe(code);
      expect(ended.stdout + ended.stderr).not.toBe('');
      expect((ended.stdout + ended.stderr).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    const { stdout } = await call(source, ['--config', config, '--samples']);
    expect(JSON.parse(stdout)[0].data).toEqual([{ [hostile]: hostile }]);
  });

  test('without a catalog fails with that reason and writes nothing', async () => {
    const { code, stdout, stderr } = await call(source, ['--config', await file('good.json', { password })]);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('no stream is selected');
  });

  test('a closed stdout causes one line and exit code 1', async () => {
    const config = await file('many.json', { password, rows: 200_000 });
    const catalog = await selected(config);
    const child = spawn(process.execPath, [source, '--config', config, '--catalog', catalog]);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining('output_closed')]);
  });

  test.skipIf(process.platform === 'win32')('a full disk is reported, with exit code 1', async () => {
    const config = await file('good.json', { password });
    const catalog = await selected(config);
    const shell = spawn('sh', [
      '-c',
      `exec "$0" "$@" > /dev/full`,
      process.execPath,
      source,
      '--config',
      config,
      '--catalog',
      catalog,
    ]);
    let stderr = '';
    shell.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(shell, 'close');
    expect(code).toBe(1);
    expect(stderr).toContain('disk_full');
  });
});

describe('bad input to a program', () => {
  const secret = randomBytes(12).toString('hex');

  test.each([
    ['no config', [], 'call_invalid'],
    ['an unknown flag', ['--confg', 'x'], 'call_invalid'],
    ['two verbs', ['--config', 'x', '--discover', '--samples'], 'call_invalid'],
    ['a file that is not there', ['--config', 'nowhere.json'], 'nowhere.json'],
  ])('%s: exit code 2', async (_, args, expected) => {
    const { code, stderr, stdout } = await call(source, args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('    at ');
  });

  test.each(['config', 'catalog', 'state'])(
    'an invalid %s file is named, its secrets are not, exit code 2',
    async (what) => {
      const good = await file('good.json', { password });
      const garbage = await file(`garbage-${what}.json`, `{"password": "${secret}", oops`);
      const args = {
        config: good,
        catalog: await selected(good),
        state: await file('state.json', {}),
        [what]: garbage,
      };
      const { code, stderr } = await call(
        source,
        Object.entries(args).flatMap(([flag, path]) => [`--${flag}`, path]),
      );
      expect(code).toBe(2);
      expect(stderr).toContain(`garbage-${what}.json`);
      expect(stderr).not.toContain(secret);
    },
  );

  test('all mistakes of a config are reported at once', async () => {
    const config = await file('mistakes.json', { rows: 'many', streams: 'x', passwrod: secret });
    const { code, stderr } = await call(source, ['--config', config, '--samples']);
    expect(code).toBe(2);
    for (const name of ['rows', 'streams', 'password', "'passwrod'"]) expect(stderr).toContain(name);
    expect(stderr).not.toContain(secret);
  });

  test('an unknown stream is named with exit code 2', async () => {
    const config = await file('good.json', { password });
    const catalog = await file('unknown.json', {
      streams: [
        {
          tap_stream_id: 'ordres',
          stream: 'ordres',
          schema: { type: 'object', properties: {} },
          metadata: [{ breadcrumb: [], metadata: { selected: true } }],
        },
      ],
    });
    const { code, stderr } = await call(source, ['--config', config, '--catalog', catalog]);
    expect(code).toBe(2);
    expect(stderr).toContain('ordres');
  });

  test('a stack trace is shown on request', async () => {
    const { stderr } = await call(source, [
      '--config',
      await file('wrong.json', { password: 'wrong' }),
      '--samples',
      '--log-level',
      'debug',
    ]);
    expect(stderr).toContain('    at ');
  });
});

describe("a target's program", () => {
  const config = () => file('target.json', { password, kept_in: join(folder, 'kept.jsonl') });
  beforeEach(() => rm(join(folder, 'kept.jsonl'), { force: true }));
  const kept = () => ({ a: keptRows(join(folder, 'kept.jsonl'), 'a') });

  test('prints state lines, each once', async () => {
    const { code, stdout } = await call(
      target,
      ['--config', await config()],
      schema + record(1) + state(1) + record(2) + state(2) + state(2),
    );
    expect([code, stdout]).toEqual([0, '{"bookmarks":{"a":{"n":2}}}\n']);
    expect(kept()).toEqual({ a: [{ id: 1 }, { id: 2 }] });
  });

  test('prints nothing for empty input', async () => {
    expect(await call(target, ['--config', await config()])).toMatchObject({ code: 0, stdout: '' });
  });

  test('a truncated line is named, and the lines before it are kept and acknowledged', async () => {
    const input = `${schema + record(1) + state(1)}{"type":"RECORD","stream":"a","rec`;
    const { code, stdout, stderr } = await call(target, ['--config', await config()], input);
    expect([code, stdout]).toEqual([1, '{"bookmarks":{"a":{"n":1}}}\n']);
    expect(stderr).toContain('line 4');
    expect(kept()).toEqual({ a: [{ id: 1 }] });
  });

  test('rows between the last state and a broken line are kept too', async () => {
    const input = `${schema}${record(1)}${state(1)}${record(2)}${record(3)}garbage\n`;
    const { code, stdout } = await call(target, ['--config', await config()], input);
    expect([code, stdout]).toEqual([1, '{"bookmarks":{"a":{"n":1}}}\n']);
    expect(kept()).toEqual({ a: [{ id: 1 }, { id: 2 }, { id: 3 }] });
  });

  test('a RECORD before its SCHEMA is named with its line', async () => {
    const { code, stderr } = await call(target, ['--config', await config()], record(1));
    expect(code).toBe(1);
    expect(stderr).toContain('record_before_schema');
    expect(stderr).toContain('line 1');
  });

  test('a target accepts no catalog', async () => {
    expect(await call(target, ['--config', await config(), '--discover'])).toMatchObject({ code: 2 });
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('%s flushes, prints the state and exits with %i', async (signal, code) => {
    const ended = await call(target, ['--config', await config()], schema + record(1) + state(1), signal);
    expect([ended.code, ended.stdout]).toEqual([code, '{"bookmarks":{"a":{"n":1}}}\n']);
    expect(kept()).toEqual({ a: [{ id: 1 }] });
  });
});
