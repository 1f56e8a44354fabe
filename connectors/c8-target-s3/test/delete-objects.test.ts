// Takes about 15 s.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { deleteObjects } from '../c8_target_s3/delete-objects.ts';
import { putObject } from '../c8_target_s3/put-object.ts';
import { bucketOf, failureOf, flush, keysOf, type Opened, records, schemaOf, targetOpener } from './harness.ts';

const openTarget = targetOpener();
const never = new AbortController().signal;
const id = { type: 'integer' };

async function bucketWith(target: Opened, keys: readonly string[]) {
  const bucket = await bucketOf(target, { max_attempts: 2 });
  for (const key of keys) {
    await putObject(bucket, { key, contentType: 'text/plain', metadata: {} }, Buffer.from('x'), never);
  }
  return bucket;
}

const html = { 'content-type': 'text/html' };
const result = (items: string) => ({
  reply: { status: 200, headers: { 'content-type': 'application/xml' }, body: `<DeleteResult>${items}</DeleteResult>` },
});
const deletedItem = (key: string) => `<Deleted><Key>${key}</Key></Deleted>`;
const deniedItem = (key: string) => `<Error><Key>${key}</Key><Code>AccessDenied</Code><Message>No</Message></Error>`;

describe('Objects count as deleted only when S3 confirms each of them', () => {
  it.each([
    ['that denies one of them', result(deletedItem('a') + deniedItem('b') + deletedItem('c')), ['b'], 'access_denied'],
    [
      'that lacks a result for one of them',
      result(deletedItem('a') + deletedItem('c')),
      ['a', 'b', 'c'],
      'server_answer_invalid',
    ],
    ['with nothing', result(''), ['a', 'b', 'c'], 'server_answer_invalid'],
    [
      'with a page',
      { reply: { status: 200, headers: html, body: '<html>' } },
      ['a', 'b', 'c'],
      'server_answer_invalid',
    ],
    ['empty', { reply: { status: 200 } }, ['a', 'b', 'c'], 'server_answer_invalid'],
    ['denied as a whole', { status: 403, code: 'AccessDenied' }, ['a', 'b', 'c'], 'access_denied'],
    ['busy', { status: 503, code: 'SlowDown' }, ['a', 'b', 'c'], 'server_busy'],
  ])('and not after an answer %s', async (_, failure, left, code) => {
    using target = openTarget();
    using bucket = await bucketWith(target, ['a', 'b', 'c']);
    target.server.failNext({ operation: 'DeleteObjects' }, failure, 9);
    const undeleted = await deleteObjects(bucket, ['a', 'b', 'c'], never);
    expect(undeleted.map(({ key }) => key)).toEqual(left);
    expect(undeleted[0]?.error).toMatchObject({ code });
  });

  it.each([
    ['has no DeleteObjects', { status: 501, code: 'NotImplemented' }],
    ['wants a Content-MD5 with it', { status: 400, code: 'InvalidRequest' }],
  ])('one by one where the server %s', async (_, failure) => {
    using target = openTarget();
    using bucket = await bucketWith(target, ['a', 'b', 'c']);
    target.server.failNext({ operation: 'DeleteObjects' }, failure);
    target.server.failNext(
      { operation: 'DeleteObject', key: 'b' },
      { reply: { status: 200, headers: html, body: '<html>' } },
      9,
    );
    expect((await deleteObjects(bucket, ['a', 'b', 'c'], never)).map(({ key }) => key)).toEqual(['b']);
    expect(keysOf(target.server, target.bucket)).toEqual(['b']);
  });
});

const busyItem = (key: string, code: string) => `<Error><Key>${key}</Key><Code>${code}</Code></Error>`;

describe.each(['InternalError', 'SlowDown', 'ServiceUnavailable', 'OperationAborted'])(
  'Objects with which S3 is only busy (%s)',
  (code) => {
    const answer = result(deletedItem('a') + busyItem('b', code) + deletedItem('c'));

    it('are requested again, and no others', async () => {
      using target = openTarget();
      using bucket = await bucketWith(target, ['b']);
      target.server.failNext({ operation: 'DeleteObjects' }, answer);
      expect(await deleteObjects(bucket, ['a', 'b', 'c'], never)).toEqual([]);
      expect(keysOf(target.server, target.bucket)).toEqual([]);
    });

    it('are named in the error if they remain', async () => {
      using target = openTarget();
      using bucket = await bucketWith(target, ['b']);
      target.server.failNext({ operation: 'DeleteObjects' }, answer, 99);
      const undeleted = await deleteObjects(bucket, ['a', 'b', 'c'], never);
      expect(undeleted).toEqual([{ key: 'b', error: expect.objectContaining({ code: 'server_busy' }) }]);
    });
  },
);

/** A flush of this many streams, and a source that continues after it. */
async function* streams(count: number): AsyncGenerator<TargetMessage> {
  for (let index = 0; index < count; index += 1) {
    const each = schemaOf(`s${index}`, { id });
    yield each;
    yield records(each, ['{"id":1}']);
  }
  yield flush(1);
  await new Promise(() => undefined);
}

/** A log that keeps its warnings. */
function warningsOf() {
  const warnings: [string, Readonly<Record<string, unknown>> | undefined][] = [];
  const ignore = () => undefined;
  const warn: Log['warn'] = (text, details) => void warnings.push([text, details]);
  return { warnings, log: { debug: ignore, info: ignore, error: ignore, warn } };
}

it('deletes 3,000 objects with three requests', async () => {
  using target = openTarget();
  const keys = Array.from({ length: 3_000 }, (_, index) => `k${index}`);
  // S3 also confirms the deletion of keys without an object, so the keys at the edges of the requests have one.
  using bucket = await bucketWith(
    target,
    [0, 999, 1_000, 1_999, 2_000, 2_999].map((index) => `k${index}`),
  );
  expect(await deleteObjects(bucket, keys, never)).toEqual([]);
  expect(keysOf(target.server, target.bucket)).toEqual([]);
  expect(target.requests().filter(({ operation }) => operation.startsWith('Delete'))).toHaveLength(3);
});

it('undoes a flush of 300 objects in time after a signal, or names those that remain', async () => {
  using target = openTarget({ format: 'jsonl', max_attempts: 1 });
  const { warnings, log } = warningsOf();
  const controller = new AbortController();
  target.server.delay(60_000, { key: /^s299\// });
  const failure = failureOf(target.config, streams(300), { signal: controller.signal, log });
  while (keysOf(target.server, target.bucket).length < 299) await sleep(50);
  controller.abort();
  expect(await failure).toMatchObject({ name: 'AbortError' });
  const requests = target.requests().filter(({ operation }) => operation.startsWith('Delete'));
  expect(requests.length).toBeLessThanOrEqual(2);
  // A slow machine may not manage it in the remaining time.
  const mostLeft = warnings.length === 0 ? 0 : 300;
  expect(keysOf(target.server, target.bucket).length).toBeLessThanOrEqual(mostLeft);
  expect(warnings.length).toBeLessThanOrEqual(1);
});

it('warns once of objects that remain', async () => {
  using target = openTarget({ format: 'jsonl' });
  const { warnings, log } = warningsOf();
  target.server.deny('s3:DeleteObject');
  target.server.failNext({ key: /^s4\// }, { status: 403, code: 'AccessDenied' });
  await failureOf(target.config, streams(5), { log });
  expect(warnings).toEqual([
    [expect.stringContaining('could not be deleted'), expect.objectContaining({ objects: 5 })],
  ]);
  expect(String(warnings[0]?.[1]?.error)).toContain('s3:DeleteObject on');
});

it.each(['DeleteObjects', 'DeleteObject'])(
  'gives up undoing in time to report what remains, when %s is never answered',
  { timeout: 60_000 },
  async (operation) => {
    using target = openTarget({ format: 'jsonl', max_attempts: 1 });
    const { warnings, log } = warningsOf();
    const controller = new AbortController();
    target.server.delay(60_000, { key: /^s40\// });
    if (operation === 'DeleteObject')
      target.server.failNext({ operation: 'DeleteObjects' }, { status: 501, code: 'NotImplemented' }, 9);
    target.server.delay(60_000, { operation });
    const failure = failureOf(target.config, streams(41), { id: 'run-7', signal: controller.signal, log });
    while (keysOf(target.server, target.bucket).length < 40) await sleep(50);
    controller.abort();
    const startedAt = Date.now();
    expect(await failure).toMatchObject({ name: 'AbortError' });
    // A flush that failed by itself has eight seconds for it.
    expect(Date.now() - startedAt).toBeLessThan(7_000);
    expect(warnings).toEqual([
      [expect.stringMatching(/the next run deletes them/), expect.objectContaining({ objects: 41, run: 'run-7' })],
    ]);
  },
);

it('gives up aborting an upload in time to report that its parts remain', { timeout: 60_000 }, async () => {
  using target = openTarget({ format: 'jsonl', compression: 'none', part_size: 5, max_attempts: 1 });
  const { warnings, log } = warningsOf();
  const controller = new AbortController();
  target.server.delay(60_000, { operation: 'UploadPart', partNumber: 2 });
  target.server.delay(60_000, { operation: 'AbortMultipartUpload' });
  const large = schemaOf('large', { text: { type: 'string' } });
  const messages = (async function* (): AsyncGenerator<TargetMessage> {
    yield large;
    yield records(large, [JSON.stringify({ text: 'x'.repeat(6 << 20) })]);
    yield flush(1);
    await new Promise(() => undefined);
  })();
  const failure = failureOf(target.config, messages, { signal: controller.signal, log });
  while (!target.requests().some((request) => request.operation === 'UploadPart')) await sleep(50);
  controller.abort();
  const startedAt = Date.now();
  expect(await failure).toMatchObject({ name: 'AbortError' });
  expect(Date.now() - startedAt).toBeLessThan(7_000);
  expect(warnings).toContainEqual([expect.stringMatching(/parts stay until a lifecycle rule/), expect.anything()]);
});
