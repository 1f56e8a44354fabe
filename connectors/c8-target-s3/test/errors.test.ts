import type { TargetMessage } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { failureOf, flush, records, schemaOf, spools, targetOpener } from './harness.ts';

const openTarget = targetOpener();

const schema = schemaOf('s', { a: { type: 'integer' } });
const messages: readonly TargetMessage[] = [schema, records(schema, ['{"a":1}']), flush(1)];

describe('A write', () => {
  it.each([
    ['a missing bucket', { bucket: 'no-such-bucket' }, 'bucket_missing', 3],
    ['a wrong secret', { secret_access_key: 'wrong' }, 'login_refused', 3],
    ['an unknown access key', { access_key: 'AKIAUNKNOWN' }, 'login_refused', 3],
    ['a wrong region', { region: 'eu-north-1' }, 'region_wrong', 2],
    ['an unknown host', { endpoint: 'http://no-such-host.invalid' }, 'host_unknown', 3],
    ['a closed port', { endpoint: 'http://127.0.0.1:1' }, 'connection_refused', 3],
  ])('names %s, and removes its temporary files', async (_, wrong, code, exitCode) => {
    using target = openTarget(wrong);
    const failure = await failureOf(target.config, messages);
    expect(failure).toMatchObject({ code, exitCode });
    expect(spools()).toEqual([]);
  });

  it('reports that the server does not use TLS', async () => {
    using target = openTarget();
    const endpoint = target.server.endpoint.replace('http:', 'https:');
    expect(await failureOf({ ...target.config, endpoint }, messages)).toMatchObject({
      code: 'tls_refused',
      exitCode: 3,
    });
  });

  it('names the missing permission, and the object', async () => {
    using target = openTarget();
    target.server.deny('s3:PutObject');
    const failure = await failureOf(target.config, messages);
    expect(failure).toMatchObject({ name: 'ConnectionError', code: 'access_denied' });
    expect(String(failure)).toMatch(new RegExp(`s3:PutObject on ${target.bucket}/s/.*\\.parquet is denied`));
  });

  it('marks an error of a busy server as retryable', async () => {
    using target = openTarget({ max_attempts: 3 });
    target.server.failNext({ operation: 'PutObject' }, { status: 503, code: 'SlowDown' }, 3);
    expect(await failureOf(target.config, messages)).toMatchObject({ code: 'server_busy', isRetryable: true });
  });

  it('reports that a connection breaks', async () => {
    using target = openTarget({ max_attempts: 2 });
    target.server.failNext({ operation: 'PutObject' }, { drop: 'request' }, 2);
    expect(await failureOf(target.config, messages)).toMatchObject({ code: 'connection_lost', isRetryable: true });
  });

  it('reports an unknown refusal by the code of S3', async () => {
    using target = openTarget();
    target.server.failNext({ operation: 'PutObject' }, { status: 400, code: 'NewInThisYear', message: 'Not so.' });
    const failure = await failureOf(target.config, messages);
    expect(failure).toMatchObject({ name: 'ConnectionError', code: 'request_refused' });
    expect(String(failure)).toContain('400 NewInThisYear: Not so.');
  });
});
