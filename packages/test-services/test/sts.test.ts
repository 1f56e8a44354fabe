import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type S3Server, startS3 } from '../src/s3/server.ts';
import { type StsServer, startSts } from '../src/sts/server.ts';

const arn = 'arn:aws:iam::111122223333:role/teams/writer';
let s3: S3Server;
let sts: StsServer;

beforeAll(async () => {
  s3 = await startS3();
  const roles = [{ arn, externalId: 'tenant-7' }];
  sts = await startSts({ roles, createSession: (seconds) => s3.createSession(seconds) });
});
afterAll(async () => {
  await sts[Symbol.asyncDispose]();
  await s3.stop();
});

interface Asked {
  readonly RoleArn?: string;
  readonly ExternalId?: string;
  readonly DurationSeconds?: number;
  readonly accessKey?: string;
  readonly secretAccessKey?: string;
}

function assume({ accessKey = sts.accessKey, secretAccessKey = sts.secretAccessKey, ...params }: Asked = {}) {
  return fromTemporaryCredentials({
    params: { RoleArn: arn, ExternalId: 'tenant-7', RoleSessionName: 'test', ...params },
    masterCredentials: { accessKeyId: accessKey, secretAccessKey },
    clientConfig: { endpoint: sts.endpoint, region: 'us-east-1' },
  })();
}

it('issues keys that the S3 server accepts with their token, until they expire', async () => {
  const credentials = await assume({ DurationSeconds: 900 });
  expect(credentials.accessKeyId).toMatch(/^ASIA/);
  expect(credentials.expiration?.getTime()).toBeGreaterThan(Date.now() + 800_000);
  const Bucket = s3.createBucket();
  const list = async (keys: typeof credentials) => {
    const client = new S3Client({
      endpoint: s3.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: keys,
    });
    try {
      return (await client.send(new ListObjectsV2Command({ Bucket }))).Name;
    } finally {
      client.destroy();
    }
  };
  expect(await list(credentials)).toBe(Bucket);
  const { sessionToken: _, ...withoutToken } = credentials;
  await expect(list(withoutToken)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  await expect(list({ ...credentials, sessionToken: 'other' })).rejects.toMatchObject({ name: 'InvalidToken' });
  const { accessKey: accessKeyId, secretAccessKey, session } = s3.createSession(-1);
  const expired = { accessKeyId, secretAccessKey, sessionToken: session.token };
  await expect(list(expired)).rejects.toMatchObject({ name: 'ExpiredToken' });
});

it.each<[string, Asked, string, string]>([
  ['another external id', { ExternalId: 'tenant-8' }, 'AccessDenied', `perform: sts:AssumeRole on resource: ${arn}`],
  ['a role that is not there', { RoleArn: `${arn}s` }, 'AccessDenied', 'is not authorized'],
  ['something else than a role', { RoleArn: 'arn:aws:iam::1:user/x-y-z' }, 'ValidationError', "at 'roleArn'"],
  ['a session that is too long', { DurationSeconds: 7200 }, 'ValidationError', 'MaxSessionDuration'],
  ['another key', { accessKey: 'AKIAOTHER' }, 'InvalidClientTokenId', 'security token'],
  ['another secret', { secretAccessKey: 'other' }, 'SignatureDoesNotMatch', 'request signature'],
])('refuses %s', async (_, asked, name, message) => {
  await expect(assume(asked)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});
