import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { beforeAll, expect, it } from 'vitest';
import { type Probe, refusal } from './client.ts';

const keys = ['a/1', 'a/2', 'a/b/3', 'b', 'c d+é', 'c/4'];

export function probeListing(probe: Probe): void {
  const root = 'list/';

  beforeAll(async () => {
    for (const key of keys) {
      await probe.client.send(new PutObjectCommand({ Bucket: probe.bucket, Key: root + key, Body: key }));
    }
  });

  async function list(input: Partial<ListObjectsV2CommandInput> = {}) {
    const answer = await probe.client.send(
      new ListObjectsV2Command({ Bucket: probe.bucket, ...input, Prefix: root + (input.Prefix ?? '') }),
    );
    return {
      ...answer,
      keys: (answer.Contents ?? []).map(({ Key }) => Key?.slice(root.length)),
      prefixes: (answer.CommonPrefixes ?? []).map(({ Prefix }) => Prefix?.slice(root.length)),
    };
  }

  it('lists keys in the order of their bytes, with size and ETag', async () => {
    const { keys: listed, Contents, KeyCount, IsTruncated } = await list();
    expect(listed).toEqual(keys);
    expect(Contents?.[3]).toMatchObject({
      Size: 1,
      ETag: '"92eb5ffee6ae2fec3ad71c777531578f"',
      StorageClass: 'STANDARD',
    });
    expect([KeyCount, IsTruncated]).toEqual([keys.length, false]);
  });

  it('lists under a prefix and rolls up behind a delimiter', async () => {
    expect((await list({ Prefix: 'a/' })).keys).toEqual(['a/1', 'a/2', 'a/b/3']);
    const { keys: listed, prefixes, KeyCount } = await list({ Delimiter: '/' });
    expect([listed, prefixes, KeyCount]).toEqual([['b', 'c d+é'], ['a/', 'c/'], 4]);
  });

  it('starts after a key that need not exist', async () => {
    expect((await list({ StartAfter: `${root}a/20` })).keys).toEqual(['a/b/3', 'b', 'c d+é', 'c/4']);
  });

  it.each([1, 2, 4])('gives everything once in pages of %i', async (MaxKeys) => {
    const found: (string | undefined)[] = [];
    const input = { Bucket: probe.bucket, Prefix: root, Delimiter: '/', MaxKeys };
    for await (const page of paginateListObjectsV2({ client: probe.client }, input)) {
      const names = [
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      ];
      expect(names.length).toBeLessThanOrEqual(MaxKeys);
      found.push(...names.map((name) => name?.slice(root.length)));
    }
    expect(found.sort()).toEqual(['a/', 'b', 'c d+é', 'c/']);
  });

  it('creates, finds, lists and deletes buckets', async () => {
    const Bucket = `${probe.bucket}-second`;
    expect(await refusal(probe.client.send(new HeadBucketCommand({ Bucket })))).toBe('NotFound 404');
    await probe.client.send(new CreateBucketCommand({ Bucket }));
    await probe.client.send(new HeadBucketCommand({ Bucket }));
    const { Buckets = [] } = await probe.client.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toContain(Bucket);
    await probe.client.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusal(probe.client.send(new DeleteBucketCommand({ Bucket })))).toBe('NoSuchBucket 404');
  });

  it('does not delete a bucket that holds objects', async () => {
    expect(await refusal(probe.client.send(new DeleteBucketCommand({ Bucket: probe.bucket })))).toBe(
      'BucketNotEmpty 409',
    );
  });

  it('refuses names that no bucket can have', async () => {
    expect(await refusal(probe.client.send(new CreateBucketCommand({ Bucket: 'Not-A-Bucket' })))).toBe(
      'InvalidBucketName 400',
    );
  });
}
