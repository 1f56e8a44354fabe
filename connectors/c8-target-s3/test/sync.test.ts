import { openMemoryStateStore } from 'c8connector';
import { expect, it } from 'vitest';
import { targetOpener } from './harness.ts';
import { runProgram } from './run-program.ts';
import { expectOnlyRows, type SyncRows, sync } from './sync.ts';

const openTarget = targetOpener();
const rows: SyncRows = { pages: 4, rowsOfPage: 10, text: (id) => `row ${id}` };
const settings = { format: 'jsonl', flush_rows: 10, max_attempts: 2, max_retry_delay: 1 };

it('A sync whose manifest gets no answer has each row once', async () => {
  using target = openTarget(settings);
  target.server.failNext({ operation: 'PutObject', key: /^_c8\/.*copy%2F0\// }, { drop: 'response' }, 3);
  expect(await sync(target, rows)).toEqual({ failure: undefined, retries: 0 });
  await expectOnlyRows(target, rows);
});

it('A sync into a versioned bucket that is interrupted and resumed has each row once', async () => {
  using target = openTarget(settings);
  const bucket = target.server.createBucket(undefined, { isVersioned: true });
  const versioned = { ...target, bucket, config: { ...target.config, bucket } };
  const store = openMemoryStateStore();
  target.server.failNext({ bucket, key: /^s\/.*-000000003-/ }, { status: 403, code: 'AccessDenied' }, 1);
  expect((await sync(versioned, rows, store)).failure).toContain('access_denied');
  expect((await sync(versioned, rows, store)).failure).toBeUndefined();
  await expectOnlyRows(versioned, rows);
});

it('The program lists what pipes have committed, of one stream or all', async () => {
  using target = openTarget({ format: 'jsonl', compression: 'none' });
  const messages = (stream: string) =>
    `{"type":"SCHEMA","stream":"${stream}","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":[]}\n{"type":"RECORD","stream":"${stream}","record":{"id":1}}\n`;
  for (const input of [messages('a') + messages('b'), messages('a')])
    expect((await runProgram(target.config, [], input)).code).toBe(0);
  const list = async (...flags: string[]) => {
    const { stdout } = await runProgram(target.config, ['--objects', ...flags], '');
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };
  const of = (stream: string) => ({ key: expect.stringMatching(`^${stream}/`), stream, version: 0, rows: 1, bytes: 9 });
  expect(await list()).toEqual([of('a'), of('a'), of('b')]);
  expect(await list('--stream', 'b')).toEqual([of('b')]);
});
