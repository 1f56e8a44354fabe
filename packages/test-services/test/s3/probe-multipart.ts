import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { expect, it } from 'vitest';
import { type Probe, refusal } from './client.ts';

const mebibyte = 1024 ** 2;

export function probeMultipart(probe: Probe): void {
  async function start(Key: string): Promise<{ Bucket: string; Key: string; UploadId: string }> {
    const { UploadId = '' } = await probe.client.send(
      new CreateMultipartUploadCommand({ Bucket: probe.bucket, Key, Metadata: { a: '1' } }),
    );
    return { Bucket: probe.bucket, Key, UploadId };
  }
  async function part(upload: { Bucket: string; Key: string; UploadId: string }, PartNumber: number, Body: Buffer) {
    const { ETag = '' } = await probe.client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    return { PartNumber, ETag };
  }
  async function openKeys(): Promise<string[]> {
    const { Uploads = [] } = await probe.client.send(new ListMultipartUploadsCommand({ Bucket: probe.bucket }));
    return Uploads.map(({ Key = '' }) => Key);
  }

  it('joins the parts of a stream that lib-storage uploads', async () => {
    const Body = Readable.from(Array.from({ length: 11 }, (_, index) => Buffer.alloc(mebibyte, index)));
    const target = { Bucket: probe.bucket, Key: 'multipart/stream' };
    await new Upload({ client: probe.client, params: { ...target, Body }, partSize: 5 * mebibyte }).done();
    const got = await probe.client.send(new GetObjectCommand(target));
    const hash = createHash('md5').update((await got.Body?.transformToByteArray()) ?? '');
    const expected = createHash('md5');
    for (let index = 0; index < 11; index += 1) expected.update(Buffer.alloc(mebibyte, index));
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
    expect(await openKeys()).not.toContain(target.Key);
  });

  it('gives the MD5 of the MD5s and the number of parts as ETag', async () => {
    const upload = await start('multipart/etag');
    const bodies = [Buffer.alloc(5 * mebibyte, 'a'), Buffer.from('tail')];
    const Parts = [];
    for (const [index, body] of bodies.entries()) Parts.push(await part(upload, index + 1, body));
    const done = await probe.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const digests = bodies.map((body) => createHash('md5').update(body).digest());
    const expected = `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-2"`;
    expect(done.ETag).toBe(expected);
    const head = await probe.client.send(new HeadObjectCommand({ Bucket: upload.Bucket, Key: upload.Key }));
    expect(head).toMatchObject({ ETag: expected, ContentLength: 5 * mebibyte + 4, Metadata: { a: '1' } });
  });

  it('lists an open upload and its parts until it is aborted', async () => {
    const upload = await start('multipart/aborted');
    await part(upload, 2, Buffer.from('second'));
    await part(upload, 1, Buffer.from('first'));
    expect(await openKeys()).toContain(upload.Key);
    const { Parts = [] } = await probe.client.send(new ListPartsCommand(upload));
    expect(Parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5],
      [2, 6],
    ]);
    await probe.client.send(new AbortMultipartUploadCommand(upload));
    expect(await openKeys()).not.toContain(upload.Key);
    expect(await refusal(probe.client.send(new AbortMultipartUploadCommand(upload)))).toBe('NoSuchUpload 404');
    expect(await refusal(part(upload, 1, Buffer.from('late')))).toBe('NoSuchUpload 404');
  });

  it('refuses parts in the wrong order, unknown, changed or too small, and keeps the upload', async () => {
    const upload = await start('multipart/refused');
    const first = await part(upload, 1, Buffer.from('small'));
    const second = await part(upload, 2, Buffer.alloc(5 * mebibyte));
    const complete = (Parts: { PartNumber: number; ETag: string }[]) =>
      refusal(probe.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })));
    expect(await complete([second, first])).toBe('InvalidPartOrder 400');
    expect(await complete([second, { ...second, PartNumber: 3 }])).toBe('InvalidPart 400');
    expect(await complete([{ ...second, ETag: first.ETag }])).toBe('InvalidPart 400');
    expect(await complete([first, second])).toBe('EntityTooSmall 400');
    expect(await complete([])).toBe('MalformedXML 400');
    expect(await complete([second])).toBe('accepted');
    // A client may repeat the request whose answer it did not get.
    expect(await complete([second])).toBe('accepted');
    expect(await refusal(part(upload, 3, Buffer.from('late')))).toBe('NoSuchUpload 404');
  });

  it('does not complete over an existing object with If-None-Match: *', async () => {
    const complete = async () => {
      const upload = await start('multipart/once');
      const Parts = [await part(upload, 1, Buffer.from('text'))];
      const command = { ...upload, MultipartUpload: { Parts }, IfNoneMatch: '*' };
      return refusal(probe.client.send(new CompleteMultipartUploadCommand(command)));
    };
    expect(await complete()).toBe('accepted');
    expect(await complete()).toBe('PreconditionFailed 412');
  });

  it('gives a checksum of the checksums of the parts for CRC32', async () => {
    const target = { Bucket: probe.bucket, Key: 'multipart/checksum' };
    const { UploadId } = await probe.client.send(
      new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }),
    );
    const upload = { ...target, UploadId };
    const { ETag, ChecksumCRC32 } = await probe.client.send(
      new UploadPartCommand({ ...upload, PartNumber: 1, Body: '123456789' }),
    );
    expect(ChecksumCRC32).toBe('y/Q5Jg==');
    const complete = (checksum?: string) =>
      probe.client.send(
        new CompleteMultipartUploadCommand({
          ...upload,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ...(checksum && { ChecksumCRC32: checksum }) }] },
        }),
      );
    expect(await refusal(complete('AAAAAA=='))).toBe('InvalidPart 400');
    expect(await refusal(complete())).toBe('InvalidRequest 400');
    // CRC-32 of the bytes cb f4 39 26.
    expect(await complete('y/Q5Jg==')).toMatchObject({ ChecksumCRC32: '7kxlUA==-1', ChecksumType: 'COMPOSITE' });
  });
}
