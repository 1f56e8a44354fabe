import { describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { keysOf, targetOpener } from './harness.ts';

const openTarget = targetOpener();

const validate = (config: unknown) => new S3Target().validate(config);
const failure = (config: unknown) =>
  validate(config).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('Validation', () => {
  it('passes, and leaves no object behind', async () => {
    using target = openTarget({ prefix: 'dev' });
    const report = await validate(target.config);
    expect(report.ok).toBe(true);
    expect(report.steps.map(({ id, status }) => `${id} ${status}`)).toEqual(
      expect.arrayContaining([
        'bucket passed',
        'write passed',
        'read passed',
        'conditional_write passed',
        'multipart passed',
        'delete passed',
      ]),
    );
    expect(keysOf(target.server, target.bucket)).toEqual([]);
    expect(target.server.openUploads(target.bucket)).toEqual([]);
    expect(target.requests().find(({ operation }) => operation === 'PutObject')?.key).toMatch(/^dev\/c8-probe-/);
  });

  it.each([
    ['s3:PutObject', 'write', 0],
    ['s3:GetObject', 'read', 0],
    ['s3:AbortMultipartUpload', 'multipart', 0],
    ['s3:DeleteObject', 'delete', 2],
  ])('names %s when it is denied', async (right, step, left) => {
    using target = openTarget();
    target.server.deny(right);
    const error = await failure(target.config);
    expect(error).toMatchObject({ name: 'ValidationError', code: 'access_denied' });
    expect(String(error)).toContain(`${right} on ${target.bucket}/c8-probe-`);
    expect(error).toMatchObject({
      report: { ok: false, steps: expect.arrayContaining([expect.objectContaining({ id: step, status: 'failed' })]) },
    });
    expect(keysOf(target.server, target.bucket)).toHaveLength(left);
  });

  it('names the permission to list when it is denied', async () => {
    using target = openTarget();
    target.server.deny('s3:ListBucket');
    const error = await failure(target.config);
    expect(error).toMatchObject({ name: 'ValidationError', code: 'access_denied' });
    expect(String(error)).toContain(`s3:ListBucket on ${target.bucket}`);
  });

  it.each([
    ['a missing bucket', { bucket: 'no-such-bucket' }, 'bucket_missing', 'bucket'],
    ['a wrong secret', { secret_access_key: 'wrong' }, 'login_refused', 'secret_access_key'],
    ['an unknown access key', { access_key: 'AKIAUNKNOWN' }, 'login_refused', 'access_key'],
    ['a wrong region', { region: 'eu-north-1' }, 'region_wrong', 'region'],
    ['an unknown host', { endpoint: 'http://no-such-host.invalid' }, 'host_unknown', 'endpoint'],
    ['a closed port', { endpoint: 'http://127.0.0.1:1' }, 'connection_refused', 'endpoint'],
  ])('names %s', async (_, wrong, code, property) => {
    using target = openTarget(wrong);
    const error = await failure(target.config);
    expect(error).toMatchObject({
      code,
      report: { steps: expect.arrayContaining([expect.objectContaining({ status: 'failed', property })]) },
    });
    expect(JSON.stringify(error) + String(error)).not.toContain(target.server.secretAccessKey);
  });

  it('names the region in which the bucket is', async () => {
    using target = openTarget({ region: 'eu-north-1' });
    expect(String(await failure(target.config))).toContain('us-east-1');
  });

  it('names the missing key when only one of the two is set', async () => {
    using target = openTarget({ secret_access_key: undefined });
    expect(String(await failure(target.config))).toContain('secret_access_key');
    expect(target.requests()).toEqual([]);
  });
});
