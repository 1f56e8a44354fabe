import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type S3Server, startS3 } from '../../src/s3/server.ts';
import { connect, refusal } from './client.ts';

let server: S3Server;
let bucket: string;
let client: ReturnType<typeof connect>;

beforeAll(async () => {
  server = await startS3();
  client = connect(server);
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});
beforeEach(() => {
  server.clearFaults();
  bucket = server.createBucket();
});

function put(Key: string): Promise<unknown> {
  return client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'text' }));
}

it('denies a permission on one bucket or on all until that is cleared', async () => {
  const other = server.createBucket();
  server.deny('s3:PutObject', other);
  expect(await refusal(put('a'))).toBe('accepted');
  server.deny('s3:PutObject');
  expect(await refusal(put('a'))).toBe('AccessDenied 403');
  expect(await refusal(client.send(new HeadBucketCommand({ Bucket: bucket })))).toBe('accepted');
  server.clearFaults();
  expect(await refusal(put('a'))).toBe('accepted');
});

it('hides whether a key exists from a user who may not list', async () => {
  const get = () => refusal(client.send(new GetObjectCommand({ Bucket: bucket, Key: 'missing' })));
  expect(await get()).toBe('NoSuchKey 404');
  server.deny('s3:ListBucket', bucket);
  expect(await get()).toBe('AccessDenied 403');
});

it('answers 200 to a DeleteObjects of which every key is denied', async () => {
  await put('kept');
  server.deny('s3:DeleteObject');
  const answer = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [{ Key: 'kept' }] } }),
  );
  expect(answer.Errors).toMatchObject([{ Key: 'kept', Code: 'AccessDenied' }]);
  expect(server.objects(bucket).map(({ key }) => key)).toEqual(['kept']);
});

it('fails the next matching requests as often as asked', async () => {
  server.failNext({ operation: 'PutObject', key: /^b/ }, { status: 503, code: 'SlowDown' }, 2);
  expect(await refusal(put('a'))).toBe('accepted');
  expect(await refusal(put('b1'))).toBe('SlowDown 503');
  expect(await refusal(put('b2'))).toBe('SlowDown 503');
  expect(await refusal(put('b3'))).toBe('accepted');
});

it('breaks the connection before the request or after it was carried out', async () => {
  server.failNext({ key: 'before' }, { drop: 'request' });
  await expect(put('before')).rejects.toMatchObject({ code: 'ECONNRESET' });
  server.failNext({ key: 'after' }, { drop: 'response' });
  await expect(put('after')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(server.objects(bucket).map(({ key }) => key)).toEqual(['after']);
  const statuses = server.requests.filter((request) => request.bucket === bucket).map(({ status }) => status);
  expect(statuses).toEqual([undefined, undefined]);
});

it('fails one part of an upload, which the client then aborts', async () => {
  server.failNext({ operation: 'UploadPart', partNumber: 2 }, { status: 403, code: 'AccessDenied' });
  const Body = Buffer.alloc(11 * 1024 ** 2);
  const upload = new Upload({ client, params: { Bucket: bucket, Key: 'large', Body } });
  expect(await refusal(upload.done())).toBe('AccessDenied 403');
  expect(server.openUploads(bucket)).toEqual([]);
  expect(server.objects(bucket)).toEqual([]);
});

it('shows the parts of uploads that were left open', async () => {
  const target = { Bucket: bucket, Key: 'open' };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 3, Body: 'text' }));
  expect(server.openUploads(bucket)).toEqual([{ key: 'open', uploadId: UploadId, partNumbers: [3] }]);
});

it('can answer 200 with an error inside, as S3 does when it fails late', async () => {
  const target = { Bucket: bucket, Key: 'late' };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  server.failNext({ operation: 'CompleteMultipartUpload' }, { status: 200, code: 'InternalError' });
  const complete = new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: [] } });
  expect(await refusal(client.send(complete))).toContain('InternalError');
});

it('lets requests wait', async () => {
  server.delay(300, { operation: 'PutObject' });
  const start = Date.now();
  await put('slow');
  expect(Date.now() - start).toBeGreaterThanOrEqual(295);
});

it('sends any other answer instead of its own, whether the request is carried out or not', async () => {
  server.failNext(
    { key: 'page' },
    { reply: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' } },
  );
  await expect(put('page')).resolves.not.toHaveProperty('ETag');
  server.failNext({ key: 'applied' }, { reply: { status: 502, isApplied: true } });
  expect(await refusal(put('applied'))).toBe('Unknown 502');
  expect(server.objects(bucket).map(({ key }) => key)).toEqual(['applied']);

  server.failNext({ operation: 'ListObjectsV2' }, { reply: { status: 200, body: '<ListBucketResult>', isCut: true } });
  await expect(client.send(new ListObjectsV2Command({ Bucket: bucket }))).rejects.toThrow();
});

it('can be a server that has no checksums, forgets uploads, ignores conditions, and has other ETags', async () => {
  await using plain = await startS3({
    traits: { checksums: false, md5Etags: false, conditions: false, remembersUploads: false, deletesMany: false },
  });
  const target = { Bucket: plain.createBucket(), Key: 'a' };
  const modern = connect(plain);
  expect(await refusal(modern.send(new PutObjectCommand({ ...target, Body: 'text' })))).toBe('NotImplemented 501');
  const old = connect(plain);
  old.config.requestChecksumCalculation = async () => 'WHEN_REQUIRED';
  for (const Body of ['text', 'text']) {
    const { ETag, ChecksumCRC64NVME } = await old.send(new PutObjectCommand({ ...target, Body, IfNoneMatch: '*' }));
    expect(ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(ETag).not.toBe('"1cb251ec0d568de6a929b520c4aed8d1"');
    expect(ChecksumCRC64NVME).toBeUndefined();
  }
  const { UploadId } = await old.send(new CreateMultipartUploadCommand(target));
  const { ETag } = await old.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'text' }));
  const complete = () =>
    refusal(
      old.send(
        new CompleteMultipartUploadCommand({
          ...target,
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
        }),
      ),
    );
  expect([await complete(), await complete()]).toEqual(['accepted', 'NoSuchUpload 404']);
});
