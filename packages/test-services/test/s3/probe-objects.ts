import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { type Probe, refusal } from './client.ts';

export function probeObjects(probe: Probe): void {
  async function put(key: string, body: string): Promise<void> {
    await probe.client.send(new PutObjectCommand({ Bucket: probe.bucket, Key: key, Body: body }));
  }
  async function get(key: string, range?: string): Promise<string | undefined> {
    const answer = await probe.client.send(
      new GetObjectCommand({ Bucket: probe.bucket, Key: key, ...(range && { Range: range }) }),
    );
    return answer.Body?.transformToString();
  }

  it('gives back the bytes, the content headers and the metadata of an object', async () => {
    const Key = 'one/with space+plus(ü).json';
    const description = {
      ContentType: 'application/json',
      ContentEncoding: 'gzip',
      Metadata: { run: '7', 'two-words': 'a b' },
    };
    const stored = await probe.client.send(
      new PutObjectCommand({ Bucket: probe.bucket, Key, Body: '{"a":1}', ...description }),
    );
    const got = await probe.client.send(new GetObjectCommand({ Bucket: probe.bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('{"a":1}');
    expect(got).toMatchObject({ ...description, ETag: stored.ETag, ContentLength: 7 });
    const head = await probe.client.send(new HeadObjectCommand({ Bucket: probe.bucket, Key }));
    expect(head).toMatchObject({ ...description, ETag: stored.ETag, ContentLength: 7 });
  });

  it('stores a streamed body without the framing of the request', async () => {
    const pieces = [Buffer.alloc(10_000, 'a'), Buffer.alloc(9_000, 'b'), Buffer.from('end')];
    await probe.client.send(
      new PutObjectCommand({
        Bucket: probe.bucket,
        Key: 'streamed',
        Body: Readable.from(pieces),
        ContentLength: 19_003,
      }),
    );
    expect(await get('streamed')).toBe(Buffer.concat(pieces).toString());
  });

  it('gives the ranges of an object that are asked for', async () => {
    await put('range', '0123456789');
    expect(await get('range', 'bytes=2-4')).toBe('234');
    expect(await get('range', 'bytes=7-')).toBe('789');
    expect(await get('range', 'bytes=-2')).toBe('89');
    expect(await get('range', 'bytes=8-100')).toBe('89');
    expect(await refusal(get('range', 'bytes=10-'))).toBe('InvalidRange 416');
  });

  it('stores and gives empty objects', async () => {
    await put('empty', '');
    expect(await get('empty')).toBe('');
  });

  it('says NoSuchKey and NoSuchBucket for what does not exist', async () => {
    expect(await refusal(get('missing'))).toBe('NoSuchKey 404');
    expect(await refusal(probe.client.send(new HeadObjectCommand({ Bucket: probe.bucket, Key: 'missing' })))).toBe(
      'NotFound 404',
    );
    const Bucket = `${probe.bucket}-missing`;
    expect(await refusal(probe.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' })))).toBe(
      'NoSuchBucket 404',
    );
    expect(await refusal(probe.client.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toBe('NoSuchBucket 404');
  });

  it('does not overwrite with If-None-Match: *', async () => {
    const command = () =>
      probe.client.send(new PutObjectCommand({ Bucket: probe.bucket, Key: 'once', Body: 'first', IfNoneMatch: '*' }));
    expect(await refusal(command())).toBe('accepted');
    expect(await refusal(command())).toBe('PreconditionFailed 412');
    expect(await get('once')).toBe('first');
  });

  it('overwrites with If-Match only what has that ETag', async () => {
    const target = { Bucket: probe.bucket, Key: 'matched' };
    const first = await probe.client.send(new PutObjectCommand({ ...target, Body: 'first' }));
    const stale = `"${'0'.repeat(32)}"`;
    expect(await refusal(probe.client.send(new PutObjectCommand({ ...target, Body: 'no', IfMatch: stale })))).toBe(
      'PreconditionFailed 412',
    );
    if (first.ETag === undefined) throw new Error('no ETag');
    await probe.client.send(new PutObjectCommand({ ...target, Body: 'second', IfMatch: first.ETag }));
    expect(await get('matched')).toBe('second');
  });

  it('reads conditionally', async () => {
    const target = { Bucket: probe.bucket, Key: 'conditional' };
    const { ETag = '' } = await probe.client.send(new PutObjectCommand({ ...target, Body: 'text' }));
    const read = (conditions: object) =>
      refusal(probe.client.send(new HeadObjectCommand({ ...target, ...conditions })));
    expect(await read({ IfMatch: ETag })).toBe('accepted');
    expect(await read({ IfMatch: '"other"' })).toContain('412');
    expect(await read({ IfNoneMatch: ETag })).toContain('304');
    expect(await read({ IfNoneMatch: '"other"' })).toBe('accepted');
  });

  it('deletes an object, also one that does not exist', async () => {
    await put('deleted', 'text');
    const command = () => probe.client.send(new DeleteObjectCommand({ Bucket: probe.bucket, Key: 'deleted' }));
    expect((await command()).$metadata.httpStatusCode).toBe(204);
    expect((await command()).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(get('deleted'))).toBe('NoSuchKey 404');
  });

  it('deletes many objects in one request', async () => {
    const keys = ['many/<a>&"b"', 'many/2', 'many/missing'];
    for (const key of keys.slice(0, 2)) await put(key, 'text');
    const answer = await probe.client.send(
      new DeleteObjectsCommand({ Bucket: probe.bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    );
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(keys);
    expect(await refusal(get('many/2'))).toBe('NoSuchKey 404');
  });

  it('copies an object with its metadata or with another', async () => {
    const source = { Bucket: probe.bucket, Key: 'copied/from' };
    const CopySource = `${probe.bucket}/copied/from`;
    await probe.client.send(new PutObjectCommand({ ...source, Body: 'text', Metadata: { a: '1' } }));
    await probe.client.send(new CopyObjectCommand({ Bucket: probe.bucket, Key: 'copied/same', CopySource }));
    await probe.client.send(
      new CopyObjectCommand({
        Bucket: probe.bucket,
        Key: 'copied/other',
        CopySource,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
      }),
    );
    const same = await probe.client.send(new GetObjectCommand({ Bucket: probe.bucket, Key: 'copied/same' }));
    expect([await same.Body?.transformToString(), same.Metadata]).toEqual(['text', { a: '1' }]);
    const other = await probe.client.send(new HeadObjectCommand({ Bucket: probe.bucket, Key: 'copied/other' }));
    expect(other.Metadata).toEqual({ b: '2' });
  });
}
