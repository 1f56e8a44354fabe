import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog, type TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import type { Bucket } from '../c8_target_s3/client.ts';
import { openUpload, partSizeFor } from '../c8_target_s3/upload.ts';
import { bucketOf, dataOf, failureOf, flush, keysOf, records, schemaOf, statesOf, targetOpener } from './harness.ts';

const openTarget = targetOpener();

const schema = schemaOf('s', { a: { type: 'string' } });
/** About 18 MB: two full parts and a smaller one. */
const large = Array.from({ length: 9 }, () =>
  records(schema, [`{"a":"${randomBytes(1_500_000).toString('base64')}"}`]),
);
const messages: readonly TargetMessage[] = [schema, ...large, flush(1)];
const plain = { format: 'jsonl', compression: 'none' };

describe('A large object', () => {
  it('is sent in parts and stored completely', async () => {
    using target = openTarget(plain);
    await statesOf(target.config, messages);
    const [object] = dataOf(target.server, target.bucket);
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

  it('is stored although one answer gets lost and the server is busy once', async () => {
    using target = openTarget(plain);
    target.server.failNext({ operation: 'UploadPart', partNumber: 1 }, { drop: 'response' });
    target.server.failNext({ operation: 'UploadPart', partNumber: 2 }, { status: 503, code: 'SlowDown' });
    expect(await statesOf(target.config, messages)).toHaveLength(1);
  });
});

describe('An upload that is written as its bytes are made', () => {
  const mebibyte = 1024 * 1024;
  const partSize = 5 * mebibyte;
  const object = { key: 'made', contentType: 'text/plain', metadata: { 'c8-run': 'run' } };
  const options: Parameters<typeof openUpload>[2] = { partSize, signal: new AbortController().signal, log: silentLog };

  async function write(target: ReturnType<typeof openTarget>, chunks: readonly Uint8Array[]) {
    using bucket = await bucketOf(target, { max_attempts: 1 });
    await using upload = openUpload(bucket, object, options);
    for (const chunk of chunks) await upload.write(chunk);
    await upload.close();
  }
  const operations = (target: ReturnType<typeof openTarget>) => target.requests().map(({ operation }) => operation);
  const chunksOf = (...sizes: number[]) => sizes.map((size) => randomBytes(size));

  it.each([
    ['no bytes', []],
    ['a byte', [1]],
    ['exactly one part', [partSize]],
    ['exactly one part in several pieces', [1, mebibyte, 4 * mebibyte - 1]],
  ])('is one request for %s', async (_, sizes) => {
    using target = openTarget();
    const chunks = chunksOf(...sizes);
    await write(target, chunks);
    expect(operations(target)).toEqual(['PutObject']);
    expect((await target.server.read(target.bucket, 'made')).equals(Buffer.concat(chunks))).toBe(true);
  });

  it.each([
    ['a byte more than a part', [partSize, 1], 2],
    ['one piece of several parts', [11 * mebibyte], 3],
    ['pieces across the parts', [4 * mebibyte, 4 * mebibyte, 4 * mebibyte], 3],
    ['many small pieces', Array.from({ length: 90 }, () => 100_000), 2],
    ['a whole number of parts', [partSize, partSize], 2],
  ])('is put in parts for %s', async (_, sizes, parts) => {
    using target = openTarget();
    const chunks = chunksOf(...sizes);
    await write(target, chunks);
    expect(operations(target).filter((operation) => operation === 'UploadPart')).toHaveLength(parts);
    expect((await target.server.read(target.bucket, 'made')).equals(Buffer.concat(chunks))).toBe(true);
  });

  it('does not exist until it is closed, and never if it is aborted', async () => {
    using target = openTarget();
    using bucket = await bucketOf(target);
    {
      await using upload = openUpload(bucket, object, options);
      for (const chunk of chunksOf(6 * mebibyte, 6 * mebibyte)) await upload.write(chunk);
      expect(target.server.openUploads(target.bucket)).toHaveLength(1);
      expect(keysOf(target.server, target.bucket)).toEqual([]);
    }
    expect(target.server.openUploads(target.bucket)).toEqual([]);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('waits for the server while two parts are being sent and one is filled', async () => {
    using target = openTarget();
    using bucket = await bucketOf(target);
    await using upload = openUpload(bucket, object, options);
    target.server.delay(1_000, { operation: 'UploadPart' });
    let written = 0;
    const writing = (async () => {
      for (const chunk of chunksOf(...Array.from({ length: 20 }, () => mebibyte))) {
        await upload.write(chunk);
        written += chunk.length;
      }
    })();
    while (target.server.openUploads(target.bucket).length === 0) await sleep(10);
    await sleep(300);
    expect(written).toBeLessThanOrEqual(3 * partSize);
    await writing;
    await upload.close();
    expect((await target.server.read(target.bucket, 'made')).length).toBe(20 * mebibyte);
  });

  it('fails in a later call when a part could not be sent', async () => {
    using target = openTarget();
    target.server.failNext({ operation: 'UploadPart', partNumber: 1 }, { status: 403, code: 'AccessDenied' });
    await expect(write(target, chunksOf(partSize, partSize, partSize, 1))).rejects.toMatchObject({
      code: 'access_denied',
    });
    expect(target.server.openUploads(target.bucket)).toEqual([]);
  });

  it('has no more parts than S3 accepts, however large it is', async () => {
    // Ten thousand requests take a server half a minute.
    let parts = 0;
    const answers = { UploadId: 'id', ETag: '"x"' };
    const request = async ({ operation }: { readonly operation: string }) => {
      if (operation === 'UploadPart') parts += 1;
      return answers;
    };
    const bucket = { name: 'lake', sendsChecksums: false, request } as unknown as Bucket;
    const size = 25_001;
    await using upload = openUpload(bucket, object, { ...options, partSize: partSizeFor(size, 1) });
    await upload.write(Buffer.alloc(size));
    expect(parts).toBeGreaterThan(8_000);
    expect(parts).toBeLessThanOrEqual(10_000);
  });
});

it.each([
  [0, 8],
  [80_000, 8],
  [80_001, 9],
  [1_000_000, 100],
])('An object of %i bytes has at most 10,000 parts of %i bytes where 8 are wanted', (size, expected) => {
  expect(partSizeFor(size, 8)).toBe(expected);
});
