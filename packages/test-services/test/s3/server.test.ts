import { Readable } from 'node:stream';
import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type S3Server, startS3 } from '../../src/s3/server.ts';
import { connect, refusal } from './client.ts';
import { sendSigned, signedChunks } from './signed-request.ts';

let server: S3Server;
let bucket: string;
let client: ReturnType<typeof connect>;

beforeAll(async () => {
  server = await startS3({ region: 'eu-central-1' });
  client = connect(server);
  bucket = server.createBucket();
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

it('refuses unknown access keys', async () => {
  const other = connect(server, { accessKey: 'AKIAOTHER' });
  expect(await refusal(other.send(new ListObjectsV2Command({ Bucket: bucket })))).toBe('InvalidAccessKeyId 403');
});

it('names the right region when a signature is for another', async () => {
  const other = connect(server, { region: 'us-east-1' }).send(new ListObjectsV2Command({ Bucket: bucket }));
  await expect(other).rejects.toThrow("the region 'us-east-1' is wrong; expecting 'eu-central-1'");
});

it('forgets the framing of the request in Content-Encoding', async () => {
  const target = { Bucket: bucket, Key: 'streamed' };
  const Body = Readable.from([Buffer.from('text')]);
  await client.send(new PutObjectCommand({ ...target, Body, ContentLength: 4, ContentEncoding: 'gzip' }));
  expect((await client.send(new HeadObjectCommand(target))).ContentEncoding).toBe('gzip');
});

it('refuses chunks under 8 KiB except for the last one', async () => {
  const answer = await sendSigned(server, {
    method: 'PUT',
    path: `/${bucket}/small-chunks`,
    payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    headers: { 'x-amz-decoded-content-length': '8' },
    body: (signing) => signedChunks([Buffer.from('four'), Buffer.from('more')], signing),
  });
  expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('<Code>InvalidChunkSizeError</Code>')]);
});

it('answers a large body that it refuses, and the next request on the connection', async () => {
  // More than the buffers between client and server hold.
  const large = Buffer.alloc(8 * 1024 ** 2, 'a');
  const put = (ContentMD5?: string) =>
    refusal(
      client.send(
        new PutObjectCommand({ Bucket: bucket, Key: 'large', Body: large, ...(ContentMD5 && { ContentMD5 }) }),
      ),
    );
  expect(await put('AAAA')).toBe('InvalidDigest 400');
  expect(await put()).toBe('accepted');
  const answer = await sendSigned(server, {
    method: 'PUT',
    path: `/${bucket}/large`,
    payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    headers: { 'x-amz-decoded-content-length': String(large.length) },
    body(signing) {
      const body = signedChunks([large.subarray(0, 8192), large.subarray(8192)], signing);
      body[1000] = 0;
      return body;
    },
  });
  expect(answer.text).toContain('<Code>SignatureDoesNotMatch</Code>');
  expect(await put()).toBe('accepted');
});

it('accepts a presigned upload', async () => {
  // The SDK's default would sign the checksum of an empty body.
  client.config.requestChecksumCalculation = async () => 'WHEN_REQUIRED';
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: 'presigned' }));
  expect((await fetch(url, { method: 'PUT', body: 'text' })).status).toBe(200);
  expect((await server.read(bucket, 'presigned')).toString()).toBe('text');
});

it('writes keys in URL form on request', async () => {
  const other = server.createBucket();
  await client.send(new PutObjectCommand({ Bucket: other, Key: 'a b/ü+\u0001.txt', Body: '' }));
  const list = (EncodingType?: 'url') =>
    client.send(new ListObjectsV2Command({ Bucket: other, ...(EncodingType && { EncodingType }) }));
  expect((await list('url')).Contents?.[0]?.Key).toBe('a+b/%C3%BC%2B%01.txt');
  expect((await list()).Contents?.[0]?.Key).toBe('a b/ü+\u0001.txt');
});

it('describes each object for the assertions of a test', async () => {
  const Bucket = server.createBucket();
  const command = { Bucket, Key: 'a', Body: 'text', ContentType: 'text/plain', Metadata: { run: '7' } };
  await client.send(new PutObjectCommand(command));
  expect(server.objects(Bucket)).toEqual([
    {
      key: 'a',
      size: 4,
      etag: '"1cb251ec0d568de6a929b520c4aed8d1"',
      contentType: 'text/plain',
      encryption: 'AES256',
      kmsKey: undefined,
      storageClass: 'STANDARD',
      tags: {},
      acl: undefined,
      contentEncoding: undefined,
      metadata: { run: '7' },
    },
  ]);
  expect(server.requests.at(-1)).toEqual({
    operation: 'PutObject',
    bucket: Bucket,
    key: 'a',
    partNumber: undefined,
    status: 200,
  });
});

it('no longer exists after stop, which may be called again', async () => {
  const own = await startS3();
  await own.stop();
  await own.stop();
  await expect(fetch(own.endpoint)).rejects.toThrow();
});
