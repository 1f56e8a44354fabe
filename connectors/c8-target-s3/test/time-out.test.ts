// Takes about 10 s.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TargetMessage } from 'c8connector';
import { startS3 } from 'test-services';
import { describe, expect, it } from 'vitest';
import { dataOf, failureOf, flush, keysOf, records, schemaOf, statesOf, targetOpener } from './harness.ts';
import { runProgram } from './run-program.ts';
import { openSlowLine } from './slow-line.ts';

const openTarget = targetOpener();

const schema = schemaOf('s', { a: { type: 'string' } });
const size = 24_000_000;
const row = (bytes: number) => records(schema, [`{"a":"${randomBytes((bytes * 3) / 4).toString('base64')}"}`]);
const messages: readonly TargetMessage[] = [schema, row(size), flush(1)];
const settings = { format: 'jsonl', compression: 'none', part_size: 32, idle_timeout: 3, max_attempts: 1 };

describe('A line', { concurrent: true }, () => {
  it('may be so slow that one request takes longer than the idle time-out', async () => {
    using target = openTarget(settings);
    using line = await openSlowLine(target.server.endpoint, 3_000_000);
    const startedAt = Date.now();
    expect(await statesOf({ ...target.config, endpoint: line.endpoint }, messages)).toHaveLength(1);
    expect(Date.now() - startedAt).toBeGreaterThan(6_000);
    expect(dataOf(target.server, target.bucket)[0]?.size).toBeGreaterThan(size);
  });

  it('may be so slow with TLS too', async () => {
    await using server = await startS3({ tls: true });
    using line = await openSlowLine(server.endpoint, 3_000_000);
    const authority = join(tmpdir(), 'authority.pem');
    await writeFile(authority, server.authority ?? '');
    const bucket = server.createBucket();
    const keys = { access_key: server.accessKey, secret_access_key: server.secretAccessKey };
    const config = {
      ...settings,
      ...keys,
      bucket,
      region: server.region,
      endpoint: line.endpoint,
      force_path_style: true,
    };
    const lines = [
      { type: 'SCHEMA', stream: 's', schema: schema.schema, key_properties: [] },
      ...Array.from({ length: 24 }, () => ({ type: 'RECORD', stream: 's', record: { a: 'x'.repeat(1_000_000) } })),
      { type: 'STATE', value: { bookmarks: {} } },
    ];
    const input = lines.map((each) => `${JSON.stringify(each)}\n`).join('');
    const { code, stderr } = await runProgram(config, [], input, { NODE_EXTRA_CA_CERTS: authority });
    expect([code, stderr]).toEqual([0, '']);
    expect(dataOf(server, bucket)[0]?.size).toBeGreaterThan(size);
  });

  it.each([
    ['in the middle of a request', 2_000_000],
    ['before the first byte', 0],
  ])('on which nothing arrives any more, %s, is closed after the idle time-out', async (_, stallAt) => {
    using target = openTarget(settings);
    using line = await openSlowLine(target.server.endpoint, 50_000_000, stallAt);
    const startedAt = Date.now();
    const failure = await failureOf({ ...target.config, endpoint: line.endpoint }, messages);
    expect(failure).toMatchObject({ code: 'connection_timeout', isRetryable: true, exitCode: 3 });
    // Deleting what may have been stored takes one more of them.
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('on which a request was sent and no answer arrives is closed too', async () => {
    using target = openTarget(settings);
    target.server.delay(60_000, { operation: 'PutObject', bucket: target.bucket });
    const failure = await failureOf(target.config, [schema, row(100), flush(1)]);
    expect(failure).toMatchObject({ code: 'connection_timeout' });
    expect(String(failure)).toContain(target.server.endpoint);
  });
});
