// Takes about 10 s.
import { randomBytes } from 'node:crypto';
import { silentLog, type TargetMessage } from 'c8connector';
import { type S3Server, startS3, type Traits } from 'test-services';
import { afterEach, describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { dataOf, failureOf, flush, linesOf, records, schemaOf, statesOf } from './harness.ts';

const schema = schemaOf('s', { a: { type: 'string' } });
const mebibyte = 1024 * 1024;
/** An object of one request, and one of two parts. */
const sizes = [20, 5 * mebibyte + 1];

const servers: S3Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function open(traits: Partial<Traits>, more: Readonly<Record<string, unknown>> = {}) {
  const server = await startS3({ traits });
  servers.push(server);
  const config = {
    bucket: server.createBucket(),
    region: server.region,
    access_key: server.accessKey,
    secret_access_key: server.secretAccessKey,
    endpoint: server.endpoint,
    format: 'jsonl',
    compression: 'none',
    part_size: 5,
    max_attempts: 3,
    ...more,
  };
  return { server, config };
}

/** Rows with this many bytes in total, including line breaks. */
function linesOfSize(size: number): string[] {
  const most = 1_000_000;
  const lines: string[] = [];
  for (let left = size; left > 0; ) {
    const length = left <= most ? left : Math.min(most, left - 100);
    const text = randomBytes(length)
      .toString('base64')
      .slice(0, length - 9);
    lines.push(`{"a":"${text}"}`);
    left -= length;
  }
  return lines;
}

const messagesOf = (lines: readonly string[]): TargetMessage[] => [
  schema,
  ...lines.map((line) => records(schema, [line])),
  flush(1),
];

const kinds: Record<string, readonly [Partial<Traits>, Record<string, unknown>]> = {
  "Amazon's": [{}, {}],
  'one whose ETag is not an MD5': [{ md5Etags: false }, {}],
  "Amazon's, without checksums of ours": [{}, { request_checksums: 'when_required' }],
  'one that encrypts with KMS, without checksums of ours': [
    { md5Etags: false },
    { request_checksums: 'when_required' },
  ],
  'one that knows no checksums': [{ checksums: false }, { request_checksums: 'when_required' }],
  'one that knows neither checksums nor DeleteObjects, and whose ETags say nothing': [
    { checksums: false, md5Etags: false, deletesMany: false, conditions: false },
    { request_checksums: 'when_required' },
  ],
};

async function expectStored(size: number, { server, config }: Awaited<ReturnType<typeof open>>) {
  const lines = linesOfSize(size);
  expect(await statesOf(config, messagesOf(lines))).toHaveLength(1);
  const [object] = dataOf(server, config.bucket);
  expect(object?.size).toBe(size);
  const found = await linesOf(server, config.bucket);
  expect(found.every((line, index) => line === lines[index])).toBe(true);
}

it.each([
  ['as large as one part', 5 * mebibyte],
  ['whose last part is large', 11 * mebibyte],
])('An object %s is stored, and proved', async (_, size) => {
  await expectStored(size, await open({}));
});

describe.each(Object.entries(kinds))('A server such as %s', (_, [traits, settings]) => {
  it.each(sizes)('stores %i bytes, with a proof of it', async (size) => {
    await expectStored(size, await open(traits, settings));
  });

  it('passes validation', async () => {
    const { server, config } = await open(traits, settings);
    const { steps } = await new S3Target().validate(config);
    const hasChecksums = (traits.checksums ?? true) && settings.request_checksums === undefined;
    const proof = hasChecksums
      ? 'returned its checksum'
      : (traits.md5Etags ?? true)
        ? 'the MD5 of what was sent'
        : 'size and metadata';
    expect(steps.find(({ id }) => id === 'write')?.message).toContain(proof);
    const status = (traits.conditions ?? true) ? 'passed' : 'warning';
    expect(steps.find(({ id }) => id === 'conditional_write')?.status).toBe(status);
    expect(dataOf(server, config.bucket)).toEqual([]);
  });

  it('logs a warning in a run if two runs at the same time cannot be kept apart', async () => {
    const { config } = await open(traits, settings);
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const run = { id: 'run', connection: 'connection', unit: 'u', epoch: 1, generation: 1 };
    await new S3Target().recover?.({ config, run, signal: new AbortController().signal, log });
    expect(warnings.map((message) => message.includes('at least once'))).toEqual(
      (traits.conditions ?? true) ? [] : [true],
    );
  });

  it('keeps nothing of a failed flush', async () => {
    const { server, config } = await open(traits, settings);
    const streams = Array.from({ length: 30 }, (_, index) => schemaOf(`s${index}`, { a: { type: 'string' } }));
    server.failNext({ key: /^s29\// }, { status: 403, code: 'AccessDenied' });
    const rows = streams.flatMap((each) => [each, records(each, ['{"a":"x"}'])]);
    expect(await failureOf(config, [...rows, flush(1)])).toMatchObject({ code: 'access_denied' });
    expect(dataOf(server, config.bucket)).toEqual([]);
  });
});

it('a server that refuses checksums is reported, with the setting to change', async () => {
  const { config } = await open({ checksums: false });
  const failure = await failureOf(config, messagesOf(['{"a":"x"}']));
  expect(failure).toMatchObject({
    code: 'operation_unsupported',
    remedy: expect.stringContaining('request_checksums'),
  });
  await expect(new S3Target().validate(config)).rejects.toMatchObject({ code: 'operation_unsupported' });
});

it('AWS_REQUEST_CHECKSUM_CALCULATION applies if the config does not set checksums', async () => {
  const { server, config } = await open({ checksums: false });
  process.env.AWS_REQUEST_CHECKSUM_CALCULATION = 'when_required';
  try {
    expect(await statesOf(config, messagesOf(linesOfSize(6 * mebibyte)))).toHaveLength(1);
    expect(dataOf(server, config.bucket)).toHaveLength(1);
  } finally {
    delete process.env.AWS_REQUEST_CHECKSUM_CALCULATION;
  }
});

describe('An upload whose completion was applied and whose answer was lost', () => {
  const lines = linesOfSize(6 * mebibyte);

  it.each([true, false])(
    'counts as done, whether or not the server remembers uploads: %s',
    async (remembersUploads) => {
      const { server, config } = await open({ remembersUploads });
      server.failNext({ operation: 'CompleteMultipartUpload' }, { drop: 'response' });
      expect(await statesOf(config, messagesOf(lines))).toHaveLength(1);
      expect(await linesOf(server, config.bucket)).toEqual(lines);
    },
  );

  it('does not count as done when another object has its name', async () => {
    const { server, config } = await open({ remembersUploads: false });
    server.failNext({ operation: 'CompleteMultipartUpload' }, { drop: 'response' });
    server.failNext(
      { operation: 'HeadObject' },
      { reply: { status: 200, headers: { etag: '"x"', 'x-amz-meta-c8-run': 'other' } } },
      9,
    );
    expect(await failureOf(config, messagesOf(lines))).toMatchObject({ code: 'upload_lost', isRetryable: true });
    expect(dataOf(server, config.bucket)).toEqual([]);
  });
});

describe('An object is not stored when the server', () => {
  const applied = (headers: Record<string, string>) => ({ reply: { status: 200, headers, isApplied: true as const } });

  it.each([
    ['returns the ETag of another one', 'PutObject', applied({ etag: '"1cb251ec0d568de6a929b520c4aed8d1"' })],
    ['returns the checksum of another one', 'PutObject', applied({ etag: '"x"', 'x-amz-checksum-crc32': 'y/Q5Jg==' })],
  ])('%s', async (_, operation, failure) => {
    const { server, config } = await open({});
    server.failNext({ operation }, failure, 9);
    expect(await failureOf(config, messagesOf(['{"a":"x"}']))).toMatchObject({ code: 'server_answer_invalid' });
    expect(dataOf(server, config.bucket)).toEqual([]);
  });

  it.each([
    ['has fewer bytes of it', { etag: '"x"', 'content-length': '3' }],
    ['has an object of another run', { etag: '"x"', 'x-amz-meta-c8-run': 'other' }],
    ['has nothing', undefined],
  ])('%s when the object is looked up', async (_, headers) => {
    const { server, config } = await open({ md5Etags: false }, { request_checksums: 'when_required' });
    // An answer without a checksum proves nothing by itself.
    server.failNext({ operation: 'PutObject' }, applied({ etag: '"x"' }), 9);
    server.failNext(
      { operation: 'HeadObject' },
      headers ? { reply: { status: 200, headers } } : { status: 404, code: 'NotFound' },
      9,
    );
    const failure = await failureOf(config, messagesOf(['{"a":"x"}']));
    expect(failure).toMatchObject({ code: 'server_answer_invalid' });
    expect(String(failure)).toContain('HeadObject');
  });
});
