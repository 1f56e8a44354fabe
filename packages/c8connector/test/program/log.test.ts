import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

/** Runs statements that log with `log`, whose secrets are `hunter22` and `10000`, in a process of its own; its stderr is read after `readAfter` milliseconds, or never. */
async function logging(statements: string, { level = 'info', readAfter = 0 } = {}) {
  const script = `
    import { createLog, createMask } from 'c8connector';
    const log = createLog({ name: 'c8-source-acme', level: '${level}', mask: createMask(['hunter22', '10000']) });
    ${statements}
    process.stdout.write('done');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  const closed = once(child, 'close');
  if (readAfter === Number.POSITIVE_INFINITY) child.stderr.destroy();
  else {
    await setTimeout(readAfter);
    child.stderr.on('data', (chunk) => {
      texts.stderr += chunk;
    });
  }
  await closed;
  return texts;
}

const linesOf = (stderr: string) =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the log of a program', () => {
  test('writes one JSON object per line: level, time and name, then the details, and the message last', async () => {
    const before = Date.now();
    const { stderr } = await logging(`
      log.debug('not shown');
      log.info('read', { rows: 2, stream: 'orders', gone: undefined, odd: Number.NaN });
      log.warn('slow');
      log.error('broken');`);
    const [{ time }] = linesOf(stderr);
    const texts = stderr.replaceAll(/"time":\d+/g, '"time":0');
    expect(texts).toBe(
      [
        '{"level":30,"time":0,"name":"c8-source-acme","rows":2,"stream":"orders","odd":null,"msg":"read"}',
        '{"level":40,"time":0,"name":"c8-source-acme","msg":"slow"}',
        '{"level":50,"time":0,"name":"c8-source-acme","msg":"broken"}',
        '',
      ].join('\n'),
    );
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  test.each([
    ['debug', [20, 30, 40, 50]],
    ['warn', [40, 50]],
    ['error', [50]],
  ])('has the lines of level %s and above', async (level, expected) => {
    const { stderr } = await logging('for (const kind of Object.keys(log)) log[kind](kind);', { level });
    expect(linesOf(stderr).map((line) => line.level)).toEqual(expected);
  });

  test('is empty when it is silent', async () => {
    expect(await logging("log.error('broken');", { level: 'silent' })).toEqual({ stdout: 'done', stderr: '' });
  });

  test('masks secrets in messages, details and their keys, and its lines stay JSON when a secret is a number', async () => {
    const { stderr } = await logging(
      "log.info('logged in with hunter22', { count: 10000, hunter22: ['hunter22'], error: new Error('10000 hunter22') });",
    );
    expect(stderr).not.toMatch(/hunter22|10000/);
    const [line] = linesOf(stderr);
    expect(line).toMatchObject({
      msg: 'logged in with [secret]',
      count: '[secret]',
      '[secret]': ['[secret]'],
      error: { name: 'Error', message: '[secret] [secret]' },
    });
  });

  test('writes each warning once, and a message unchanged, whatever it contains', async () => {
    const { stderr } = await logging(`
      for (const _ of [1, 2]) log.warn('100 % of %s\\n"quoted" \\u2028', { column: 'id' });
      log.warn('100 % of %s\\n"quoted" \\u2028', { column: 'name' });`);
    expect(linesOf(stderr).map(({ column, msg }) => [column, msg])).toEqual([
      ['id', '100 % of %s\n"quoted" \u2028'],
      ['name', '100 % of %s\n"quoted" \u2028'],
    ]);
  });

  test('loses nothing when its reader is slow', async () => {
    // Once process.stderr was touched, a full pipe answers EAGAIN.
    const { stdout, stderr } = await logging(
      "process.stderr; for (let at = 0; at < 100; at++) log.info('x'.repeat(10_000), { at });",
      { readAfter: 500 },
    );
    expect(stdout).toBe('done');
    expect(linesOf(stderr).map(({ at, msg }) => [at, msg.length])).toEqual(
      Array.from({ length: 100 }, (_, at) => [at, 10_000]),
    );
  });

  test('does not stop the program when its reader has gone away', async () => {
    const { stdout } = await logging("for (let at = 0; at < 100; at++) log.info('x'.repeat(10_000));", {
      readAfter: Number.POSITIVE_INFINITY,
    });
    expect(stdout).toBe('done');
  });
});
