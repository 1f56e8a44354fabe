import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, type StsServer, startS3, startSts } from 'test-services';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { failureOf, flush, keysOf, records, schemaOf, statesOf } from './harness.ts';

const schema = schemaOf('orders', { id: { type: 'integer' } });
const messages = [schema, records(schema, ['{"id":1}']), flush(1)];
const arn = 'arn:aws:iam::111122223333:role/writer';

let server: S3Server;
let sts: StsServer;
/** The lifetime of the sessions that STS issues, and for which the server accepts them. */
let seconds: number | undefined;

beforeAll(async () => {
  server = await startS3();
  const createSession = (asked: number) => server.createSession(seconds ?? asked);
  sts = await startSts({ roles: [{ arn, externalId: 'tenant-7' }], createSession });
});
afterAll(async () => {
  await sts[Symbol.asyncDispose]();
  await server.stop();
});
afterEach(() => {
  seconds = undefined;
  vi.unstubAllEnvs();
});

function open(more: Readonly<Record<string, unknown>>) {
  const bucket = server.createBucket();
  return {
    bucket,
    config: { bucket, region: server.region, endpoint: server.endpoint, force_path_style: true, ...more },
  };
}

const ofRole = (more: Readonly<Record<string, unknown>> = {}) => ({
  access_key: sts.accessKey,
  secret_access_key: sts.secretAccessKey,
  sts_endpoint: sts.endpoint,
  role_arn: arn,
  role_external_id: 'tenant-7',
  ...more,
});

describe('Temporary keys', () => {
  it('write with their token', async () => {
    const { accessKey, secretAccessKey, session } = server.createSession(900);
    const keys = { access_key: accessKey, secret_access_key: secretAccessKey };
    const { bucket, config } = open({ ...keys, session_token: session.token });
    await statesOf(config, messages);
    expect(keysOf(server, bucket).length).toBeGreaterThan(0);
    expect(await failureOf({ ...config, session_token: undefined }, messages)).toMatchObject({ code: 'login_refused' });
  });

  it('that have expired are refused, and the message names credentials that renew themselves', async () => {
    const { accessKey, secretAccessKey, session } = server.createSession(-1);
    const keys = { access_key: accessKey, secret_access_key: secretAccessKey };
    expect(await failureOf(open({ ...keys, session_token: session.token }).config, messages)).toMatchObject({
      code: 'login_refused',
      remedy: expect.stringContaining('role'),
    });
  });
});

describe('A profile', () => {
  /** Stands in for the AWS files of this machine. */
  function writeProfile({ accessKey, secretAccessKey }: Pick<S3Server, 'accessKey' | 'secretAccessKey'>): void {
    const folder = mkdtempSync(join(tmpdir(), 'aws-'));
    const credentials = join(folder, 'credentials');
    const keys = `aws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretAccessKey}\n`;
    writeFileSync(credentials, `[writer]\n${keys}`);
    writeFileSync(join(folder, 'config'), `[profile writer]\nregion = ${server.region}\n`);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', credentials);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  }

  it('provides keys and region', async () => {
    writeProfile(server);
    const { bucket, config } = open({ profile_name: 'writer', region: undefined });
    await statesOf(config, messages);
    expect(keysOf(server, bucket).length).toBeGreaterThan(0);
  });

  it('that does not exist is an error, whatever keys the environment has', async () => {
    writeProfile(server);
    vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKey);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
    expect(await failureOf(open({ profile_name: 'nobody' }).config, messages)).toMatchObject({
      code: 'login_refused',
      message: expect.stringContaining('nobody'),
      details: { property: 'profile_name' },
    });
  });

  it('assumes a role', async () => {
    writeProfile(sts);
    const { access_key: _, secret_access_key: __, ...role } = ofRole();
    const { bucket, config } = open({ ...role, profile_name: 'writer' });
    await statesOf(config, messages);
    expect(keysOf(server, bucket).length).toBeGreaterThan(0);
  });
});

describe('A role', () => {
  it('is assumed with its external id', async () => {
    const { bucket, config } = open(ofRole());
    await statesOf(config, messages);
    expect(keysOf(server, bucket).length).toBeGreaterThan(0);
    expect(sts.assumed.at(-1)).toMatchObject({ arn, externalId: 'tenant-7', sessionName: 'c8-target-s3' });
  });

  it('is assumed once for many requests, and again before its keys expire', async () => {
    const before = sts.assumed.length;
    const flushes = [1, 2, 3].flatMap((at) => [records(schema, [`{"id":${at}}`]), flush(at)]);
    await statesOf(open(ofRole()).config, [schema, ...flushes]);
    expect(sts.assumed.length - before).toBe(1);
    // The SDK renews a session in its last minutes.
    seconds = 30;
    await statesOf(open(ofRole()).config, [schema, ...flushes]);
    expect(sts.assumed.length - before).toBeGreaterThan(2);
  });

  it.each([
    [
      'another external id',
      { role_external_id: 'tenant-8' },
      'login_refused',
      'role_arn',
      /cannot be assumed: 403 AccessDenied/,
    ],
    [
      'a key that STS does not know',
      { access_key: 'AKIAOTHER' },
      'login_refused',
      'access_key',
      /InvalidClientTokenId/,
    ],
    ['no STS', { sts_endpoint: 'http://127.0.0.1:1' }, 'connection_refused', 'sts_endpoint', /127\.0\.0\.1:1/],
  ])(
    'that cannot be assumed because of %s is an error that names the cause',
    async (_, more, code, property, message) => {
      const { config } = open({ ...ofRole(more), max_attempts: 2, max_retry_delay: 1 });
      const error = await failureOf(config, messages);
      expect(error).toMatchObject({ code, details: { property } });
      expect(String(error)).toMatch(message);
      expect(String(error)).not.toContain(sts.secretAccessKey);
    },
  );
});

it.each([
  [{ session_token: 't' }, 'session_token'],
  [{ access_key: 'a', secret_access_key: 'b', profile_name: 'p' }, 'profile_name'],
  [{ role_external_id: 'x1' }, 'role_external_id'],
  [{ sts_endpoint: 'http://sts' }, 'sts_endpoint'],
  [{ role_arn: 'writer' }, 'role_arn'],
])('%j cannot be', (config, property) => {
  expect(() => new S3Target().accepts({ bucket: 'b', ...config })).toThrow(
    expect.objectContaining({ code: 'config_invalid', problems: [expect.objectContaining({ property })] }),
  );
});
