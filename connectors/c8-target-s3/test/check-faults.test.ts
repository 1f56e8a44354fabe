import type { Failure } from 'test-services';
import { describe, expect, it } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { keysOf, targetOpener } from './harness.ts';

const openTarget = targetOpener();

const failureOf = (config: unknown) =>
  new S3Target().validate(config).then(
    () => undefined,
    (error: unknown) => error,
  );

const page = '<!DOCTYPE html><html><body><h1>Sign in<br></h1></body></html>';
const answers: Record<string, Failure> = {
  'a page': { reply: { status: 200, headers: { 'content-type': 'text/html' }, body: page } },
  'a page that is well-formed XML': {
    reply: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Hi</body></html>' },
  },
  nothing: { reply: { status: 200 } },
  JSON: { reply: { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' } },
  'a redirect': { reply: { status: 302, headers: { location: 'http://login.example' } } },
};

/** The steps in order, and the operations with which each may fail. */
const steps = {
  ListObjectsV2: 'bucket',
  PutObject: 'write',
  GetObject: 'read',
  CreateMultipartUpload: 'multipart',
  UploadPart: 'multipart',
  CompleteMultipartUpload: 'multipart',
  AbortMultipartUpload: 'multipart',
  DeleteObjects: 'delete',
} as const;

describe.each(Object.entries(steps))('Validation, where %s', (operation, step) => {
  it.each(Object.entries(answers))(
    `is answered with %s, fails in the step '${step}' and names it`,
    async (_, answer) => {
      using target = openTarget();
      target.server.failNext({ operation }, answer, 9);
      const error = await failureOf(target.config);
      expect(error).toMatchObject({ name: 'ValidationError', code: 'server_answer_invalid', exitCode: 3 });
      expect(String(error)).toContain(operation);
      expect(String(error)).toContain(target.server.endpoint);
      const { report } = error as { report: { steps: { id: string; status: string }[] } };
      expect(report.steps.at(-1)).toMatchObject({ id: step, status: 'failed' });
      target.server.clearFaults();
      if (operation !== 'DeleteObjects') expect(keysOf(target.server, target.bucket)).toEqual([]);
    },
  );
});

describe('Validation fails when', () => {
  it.each([
    ['other bytes are read', 'Written by somebody else.'],
    ['fewer bytes are read', 'Written'],
    ['nothing is read', ''],
  ])('%s than were written', async (_, body) => {
    using target = openTarget();
    target.server.failNext({ operation: 'GetObject' }, { reply: { status: 200, headers: { etag: '"x"' }, body } }, 9);
    const error = await failureOf(target.config);
    expect(error).toMatchObject({ code: 'server_answer_invalid' });
    expect(String(error)).toContain('does not contain what was written');
    expect(keysOf(target.server, target.bucket)).toEqual([]);
  });

  it('a deleted object still exists', async () => {
    using target = openTarget();
    const head = { reply: { status: 200, headers: { etag: '"x"' } } };
    target.server.failNext({ operation: 'HeadObject' }, head, 9);
    expect(String(await failureOf(target.config))).toContain('still exists after it was deleted');
  });

  it('multipart uploads do not work, and a run would need them', async () => {
    using target = openTarget();
    target.server.failNext({ operation: 'UploadPart' }, { status: 501, code: 'NotImplemented' }, 9);
    expect(await failureOf(target.config)).toMatchObject({ code: 'operation_unsupported' });
    expect(target.server.openUploads(target.bucket)).toEqual([]);
    const error = await failureOf({ ...target.config, flush_bytes: 1_000_000 });
    expect(error).toBeUndefined();
  });
});
