import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { failureOf, flush, keysOf, records, schemaOf, statesOf, targetOpener } from './harness.ts';

const openTarget = targetOpener();

const schema = schemaOf('s', { a: { type: 'string' } });
/** About 18 MB: two whole parts and a rest. */
const large = Array.from({ length: 9 }, () =>
  records(schema, [`{"a":"${randomBytes(1_500_000).toString('base64')}"}`]),
);
const messages: readonly TargetMessage[] = [schema, ...large, flush(1)];
const plain = { format: 'jsonl', compression: 'none' };

describe('A large object', () => {
  it('is put in parts and is there whole', async () => {
    using target = openTarget(plain);
    await statesOf(target.config, messages);
    const [object] = target.server.objects(target.bucket);
    const expected = Buffer.concat(large.map((batch) => batch.lines()));
    expect((await target.server.read(target.bucket, object?.key ?? '')).equals(expected)).toBe(true);
    expect(target.requests().filter(({ operation }) => operation === 'UploadPart')).toHaveLength(3);
    expect(object?.metadata['c8-rows']).toBe('9');
  });

  it.each([1, 2, 3])('leaves no parts behind when part %i fails', async (partNumber) => {
    using target = openTarget(plain);
    target.server.failNext({ operation: 'UploadPart', partNumber }, { status: 403, code: 'AccessDenied' });
    expect(await failureOf(target.config, messages)).toMatchObject({ code: 'access_denied' });
    expect(target.server.openUploads(target.bucket)).toEqual([]);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('leaves no parts behind when it cannot be completed', async () => {
    using target = openTarget(plain);
    target.server.failNext({ operation: 'CompleteMultipartUpload' }, { status: 403, code: 'AccessDenied' });
    expect(await failureOf(target.config, messages)).toMatchObject({ code: 'access_denied' });
    expect(target.server.openUploads(target.bucket)).toEqual([]);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('leaves no parts behind when the abort itself fails at first', async () => {
    using target = openTarget(plain);
    target.server.failNext({ operation: 'UploadPart', partNumber: 2 }, { status: 403, code: 'AccessDenied' });
    target.server.failNext({ operation: 'AbortMultipartUpload' }, { status: 403, code: 'AccessDenied' });
    expect(await failureOf(target.config, messages)).toMatchObject({ code: 'access_denied' });
    expect(target.server.openUploads(target.bucket)).toEqual([]);
  });

  it('leaves no parts behind when the signal is aborted', async () => {
    using target = openTarget(plain);
    target.server.delay(300, { operation: 'UploadPart' });
    const controller = new AbortController();
    const failure = failureOf(target.config, messages, { signal: controller.signal });
    while (target.server.openUploads(target.bucket).length === 0) await sleep(10);
    controller.abort();
    expect(await failure).toMatchObject({ name: 'AbortError' });
    expect(target.server.openUploads(target.bucket)).toEqual([]);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('survives an answer that gets lost, and a server that is busy once', async () => {
    using target = openTarget(plain);
    target.server.failNext({ operation: 'UploadPart', partNumber: 1 }, { drop: 'response' });
    target.server.failNext({ operation: 'UploadPart', partNumber: 2 }, { status: 503, code: 'SlowDown' });
    expect(await statesOf(target.config, messages)).toHaveLength(1);
  });
});
