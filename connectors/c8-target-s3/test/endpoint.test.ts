import { describe, expect, it } from 'vitest';
import { endpointProblems, needsPathStyle } from '../c8_target_s3/endpoint.ts';
import { S3Target } from '../c8_target_s3/index.ts';
import { failureOf, flush, keysOf, records, schemaOf, statesOf, targetOpener } from './harness.ts';

const openTarget = targetOpener();
const schema = schemaOf('s', { id: { type: 'integer' } });
const messages = [schema, records(schema, ['{"id":1}']), flush(1)];

describe('An endpoint', () => {
  it.each([
    ['https://minio.example.com:9000/lake', 'https://minio.example.com:9000.'],
    ['https://minio.example.com/lake/', 'https://minio.example.com.'],
    ['https://x.example.com/storage/v1/lake', 'https://x.example.com/storage/v1.'],
    ['https://lake.s3.eu-central-1.amazonaws.com', 'https://s3.eu-central-1.amazonaws.com.'],
    ['https://lake.fra1.digitaloceanspaces.com', 'https://fra1.digitaloceanspaces.com.'],
    ['https://user:secret@minio.example.com', 'access_key'],
    ['https://minio.example.com/?list-type=2', 'query'],
    ['http://[minio', 'is not a URL'],
  ])('such as %s is refused, with what to set instead', (endpoint, says) => {
    const [problem] = endpointProblems(endpoint, 'lake');
    expect(problem).toMatchObject({ property: 'endpoint', message: expect.stringContaining(says) });
    expect(problem?.message).not.toContain('secret@');
    const accepts = () => new S3Target().accepts({ bucket: 'lake', endpoint });
    expect(accepts).toThrow(expect.objectContaining({ name: 'ConfigError', code: 'config_invalid' }));
  });

  it.each([
    'https://minio.example.com',
    'https://lake.example.com',
    'https://x.example.com/storage/v1/s3',
    'http://localhost:9000/',
    'http://[::1]:9000',
  ])('such as %s is accepted', (endpoint) => {
    expect(endpointProblems(endpoint, 'lake')).toEqual([]);
  });

  it('without a dot gets the bucket in its path, since a host name with the bucket would not exist', async () => {
    const named = ['http://localhost:9000', 'http://minio:9000', 'http://s3.localhost', 'http://minio.example.com'];
    expect(named.map(needsPathStyle)).toEqual([true, true, true, false]);
    using target = openTarget({ force_path_style: false });
    const endpoint = target.server.endpoint.replace('127.0.0.1', 'localhost');
    expect(await statesOf({ ...target.config, endpoint }, messages)).toHaveLength(1);
    expect(keysOf(target.server, target.bucket)).toHaveLength(1);
  });

  it('whose host cannot be resolved with the bucket in front suggests path style', async () => {
    using target = openTarget({ force_path_style: false, endpoint: 'http://minio.invalid' });
    expect(await failureOf(target.config, messages)).toMatchObject({
      code: 'host_unknown',
      remedy: expect.stringMatching(/\.minio\.invalid, begins with the bucket.*force_path_style/),
    });
  });
});

describe('A region', () => {
  it.each(['Europe (Frankfurt)', 'eu central 1', 'eu-central-1.amazonaws.com', 'https://s3.amazonaws.com'])(
    '%j is refused, with what to set instead',
    (region) => {
      expect(() => new S3Target().accepts({ bucket: 'lake', region })).toThrow(
        expect.objectContaining({
          problems: [{ property: 'region', message: expect.stringContaining('eu-central-1') }],
        }),
      );
    },
  );

  it('from the environment that is not valid is an error about the region', async () => {
    using target = openTarget({ region: undefined });
    process.env.AWS_REGION = 'Europe (Frankfurt)';
    try {
      expect(await failureOf(target.config, messages)).toMatchObject({
        name: 'ConfigError',
        code: 'config_invalid',
        details: { property: 'region' },
      });
    } finally {
      delete process.env.AWS_REGION;
    }
  });
});

describe('A bucket', () => {
  it.each([
    ['s3://lake', 'lake'],
    ['s3://lake/dev', 'lake'],
    ['arn:aws:s3:::lake', 'lake'],
    ['lake/dev', 'prefix'],
    ['lake?x', 'only the name'],
    [' lake', 'only the name'],
  ])('%j is refused, with what to set instead', (bucket, says) => {
    expect(() => new S3Target().accepts({ bucket })).toThrow(
      expect.objectContaining({ problems: [{ property: 'bucket', message: expect.stringContaining(says) }] }),
    );
  });

  it.each(['Lake', '..', 'arn:aws:s3:eu-west-1:123456789012:accesspoint/lake'])(
    '%j that this server cannot have is an error about the bucket',
    async (bucket) => {
      using target = openTarget({ bucket });
      expect(await failureOf(target.config, messages)).toMatchObject({ details: { property: 'bucket' } });
    },
  );
});
