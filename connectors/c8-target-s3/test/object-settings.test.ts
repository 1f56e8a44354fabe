import { type BucketOptions, type S3Server, startS3 } from 'test-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { failureOf, flush, keysOf, linesOf, records, schemaOf, statesOf } from './harness.ts';

const schema = schemaOf('orders', { a: { type: 'string' } });
const large = `{"a":"${'x'.repeat(6_000_000)}"}`;
const small = '{"a":"y"}';
const tags = { team: 'sales = é', 'cost-centre': '' };
const key = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd';

let server: S3Server;
beforeAll(async () => {
  server = await startS3({ kmsKeys: [key] });
});
afterAll(() => server.stop());

function open(more: Readonly<Record<string, unknown>>, bucketOptions: BucketOptions = {}) {
  const bucket = server.createBucket(undefined, bucketOptions);
  const keys = { access_key: server.accessKey, secret_access_key: server.secretAccessKey };
  const place = { bucket, region: server.region, endpoint: server.endpoint, force_path_style: true };
  return { bucket, config: { ...place, ...keys, format: 'jsonl', compression: 'none', part_size: 5, ...more } };
}

/** An object that is sent in one request, and one that is sent in parts. */
const messages = [schema, records(schema, [small]), flush(1), records(schema, [large]), flush(2)];

describe('Objects', () => {
  it.each([
    [{}, { encryption: 'AES256', storageClass: 'STANDARD', tags: {}, acl: undefined, kmsKey: undefined }],
    [
      { server_side_encryption: 'AES256', acl: 'bucket-owner-full-control' },
      { encryption: 'AES256', acl: 'bucket-owner-full-control' },
    ],
    [{ server_side_encryption: 'aws:kms' }, { encryption: 'aws:kms', kmsKey: undefined }],
    [
      { server_side_encryption: 'aws:kms', kms_key_id: key, storage_class: 'STANDARD_IA', tags },
      { encryption: 'aws:kms', kmsKey: key, storageClass: 'STANDARD_IA', tags },
    ],
  ])('are made with %j, in one request and in parts', async (more, expected) => {
    const { bucket, config } = open(more);
    await statesOf(config, messages);
    const objects = server.objects(bucket).filter(({ key: name }) => name.endsWith('.jsonl'));
    expect(objects.map(({ size }) => size > 5_000_000).sort()).toEqual([false, true]);
    for (const object of objects) expect(object).toMatchObject(expected);
  });

  it.each([
    [{ server_side_encryption: 'aws:kms', kms_key_id: 'alias/other' }, 'kms_key_id', 'KMS.NotFoundException'],
    [{ acl: 'public-read' }, 'acl', 'AccessControlListNotSupported'],
  ])('are refused with %j, and the error names the property', async (more, property, s3Code) => {
    const { bucket, config } = open(more);
    expect(await failureOf(config, messages)).toMatchObject({
      code: 'request_refused',
      details: { property, s3Code },
    });
    expect(keysOf(server, bucket)).toEqual([]);
  });
});

describe('The expected owner', () => {
  it('writes to its bucket, and to no other one', async () => {
    const { bucket, config } = open({ expected_bucket_owner: server.account });
    await statesOf(config, messages);
    const before = keysOf(server, bucket);
    expect(before.length).toBeGreaterThanOrEqual(2);
    const error = await failureOf({ ...config, expected_bucket_owner: '999999999999' }, messages);
    expect(error).toMatchObject({ code: 'access_denied' });
    expect(String(error)).toContain('or the bucket does not belong to the account 999999999999');
    expect(keysOf(server, bucket)).toEqual(before);
  });
});

describe.each(['when_supported', 'when_required'])(
  'A bucket with Object Lock, and request_checksums %s',
  (checksums) => {
    it('accepts objects of one request and of parts', async () => {
      const { bucket, config } = open({ request_checksums: checksums }, { hasObjectLock: true });
      await statesOf(config, messages);
      expect(
        await linesOf(
          server,
          bucket,
          keysOf(server, bucket).filter((name) => name.endsWith('.jsonl')),
        ),
      ).toEqual([small, large]);
      await expect(new S3Target().validate(config)).resolves.toMatchObject({ ok: true });
    });
  },
);

describe('A versioned bucket', () => {
  it('keeps the objects of a failed flush only as noncurrent versions', async () => {
    const { bucket, config } = open({}, { isVersioned: true });
    server.failNext({ operation: 'UploadPart', bucket }, { status: 403, code: 'AccessDenied' });
    const other = schemaOf('small', { a: { type: 'string' } });
    const rows = [schema, other, records(other, [small]), records(schema, [large]), flush(1)];
    expect(await failureOf(config, rows)).toMatchObject({ code: 'access_denied' });
    expect(keysOf(server, bucket)).toEqual([]);
    expect(server.formerObjects(bucket).map(({ key: name }) => name.split('/')[0])).toEqual(['small']);
    await expect(new S3Target().validate(config)).resolves.toMatchObject({ ok: true });
  });
});

it.each([
  [{ kms_key_id: key }, 'kms_key_id'],
  [{ kms_key_id: key, server_side_encryption: 'AES256' }, 'kms_key_id'],
  [{ storage_class: 'DEEP_ARCHIVE' }, 'storage_class'],
  [{ expected_bucket_owner: 'me' }, 'expected_bucket_owner'],
  [{ tags: { team: 7 } }, 'tags'],
  [{ tags: { 'aws:x': 'y' } }, 'tags'],
  [{ tags: { 'a?': 'b' } }, 'tags'],
  [{ tags: { a: 'x'.repeat(257) } }, 'tags'],
  [{ tags: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`t${index}`, ''])) }, 'tags'],
])('%j cannot be', (config, property) => {
  expect(() => new S3Target().accepts({ bucket: 'b', ...config })).toThrow(
    expect.objectContaining({ code: 'config_invalid', problems: [expect.objectContaining({ property })] }),
  );
});
