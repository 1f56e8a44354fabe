import { randomBytes } from 'node:crypto';
import type { TargetMessage } from 'c8connector';
import type { Failure } from 'test-services';
import { describe, expect, it } from 'vitest';
import { failureOf, flush, linesOf, type Opened, records, schemaOf, statesOf, targetOpener } from './harness.ts';

const schema = schemaOf('s', { a: { type: 'string' } });
const small = [`{"a":"x"}`];
/** One part of 5 MiB and a smaller one. */
const large = Array.from({ length: 4 }, () => `{"a":"${randomBytes(1_125_000).toString('base64')}"}`);
const messagesOf = (lines: readonly string[]): TargetMessage[] => [
  schema,
  ...lines.map((line) => records(schema, [line])),
  flush(1),
];
const settings = { format: 'jsonl', compression: 'none', part_size: 5, max_attempts: 2, max_retry_delay: 1 };

/** The operations that make an object, with rows that need them. */
const operations = {
  PutObject: small,
  CreateMultipartUpload: large,
  UploadPart: large,
  CompleteMultipartUpload: large,
} as const;
type Operation = keyof typeof operations;

const page = '<!DOCTYPE html><html><body><h1>Sign in<br></h1></body></html>';
const html = { 'content-type': 'text/html' };
const xml = { 'content-type': 'application/xml' };
const reply = (status: number, headers: Record<string, string> = {}, body = ''): Failure => ({
  reply: { status, headers, body },
});
const refusal = (status: number, code: string): Failure => ({ status, code });

/** Answers that do not prove success although their status says so, or that S3 never sends. */
const unproved: Record<string, Failure> = {
  'a page': reply(200, html, page),
  'a page that is well-formed XML': reply(200, html, '<html><body>Welcome</body></html>'),
  nothing: reply(200),
  'no content': reply(204),
  JSON: reply(200, { 'content-type': 'application/json' }, '{}'),
  'XML that ends too soon': reply(200, xml, '<?xml version="1.0"?><Result><Buck'),
  'XML of something else': reply(200, xml, '<?xml version="1.0"?><Foo><Bar>1</Bar></Foo>'),
  'the weak ETag of a web server': reply(200, { ...html, etag: 'W/"3b-18c"' }, page),
  'a redirect': reply(302, { ...html, location: 'http://login.example' }, page),
  'a page that forbids': reply(403, html, page),
  'a page that finds nothing': reply(404, html, page),
};

/** Temporary faults, with the error code of the run if they last. */
const passing: Record<string, readonly [Failure, string]> = {
  '503 SlowDown': [refusal(503, 'SlowDown'), 'server_busy'],
  '429': [reply(429), 'server_busy'],
  '400 RequestLimitExceeded': [refusal(400, 'RequestLimitExceeded'), 'server_busy'],
  '500 InternalError': [refusal(500, 'InternalError'), 'server_busy'],
  'an error inside of a 200': [refusal(200, 'InternalError'), 'server_busy'],
  'the 502 of a proxy': [reply(502, html, page), 'server_busy'],
  '409 OperationAborted': [refusal(409, 'OperationAborted'), 'server_busy'],
  '409 ConditionalRequestConflict': [refusal(409, 'ConditionalRequestConflict'), 'server_busy'],
  '400 BadDigest': [refusal(400, 'BadDigest'), 'body_changed'],
  '400 RequestTimeout': [refusal(400, 'RequestTimeout'), 'connection_timeout'],
  '400 IncompleteBody': [refusal(400, 'IncompleteBody'), 'connection_timeout'],
  'an answer that is cut': [
    { reply: { status: 200, headers: xml, body: '<?xml version="1.0"?><Result><Buck', isCut: true } },
    'connection_lost',
  ],
  'a connection that breaks at once': [{ drop: 'request' }, 'connection_lost'],
  'a connection that breaks before the answer': [{ drop: 'response' }, 'connection_lost'],
};

/** Permanent faults. */
const lasting: Record<string, readonly [Failure, string, number]> = {
  '412 PreconditionFailed': [refusal(412, 'PreconditionFailed'), 'request_refused', 3],
  '404 NoSuchUpload': [refusal(404, 'NoSuchUpload'), 'upload_lost', 3],
  '400 InvalidPart': [refusal(400, 'InvalidPart'), 'upload_lost', 3],
  '501 NotImplemented': [refusal(501, 'NotImplemented'), 'operation_unsupported', 3],
  '405 of a web server': [reply(405, html, page), 'operation_unsupported', 3],
  '507 XMinioStorageFull': [refusal(507, 'XMinioStorageFull'), 'disk_full', 1],
  '403 QuotaExceeded': [refusal(403, 'QuotaExceeded'), 'disk_full', 1],
  '400 ExpiredToken': [refusal(400, 'ExpiredToken'), 'login_refused', 3],
  '403 RequestTimeTooSkewed': [refusal(403, 'RequestTimeTooSkewed'), 'login_refused', 3],
  '403 AccessDenied': [refusal(403, 'AccessDenied'), 'access_denied', 3],
  '400 EntityTooLarge': [refusal(400, 'EntityTooLarge'), 'request_refused', 3],
  'the 413 of a proxy': [reply(413, html, page), 'request_refused', 3],
  '400 KMS.DisabledException': [refusal(400, 'KMS.DisabledException'), 'request_refused', 3],
};

/** Whether a row of a table of faults is tested with an operation. */
export type Cells = (row: number, operation: Operation) => boolean;

const operationsOfParts: readonly Operation[] = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'];

/** All faults of the request that stores a small object, and each of them with one of the three requests of an object in parts. */
export const diagonal: Cells = (row, operation) =>
  operation === 'PutObject' || operation === operationsOfParts[row % operationsOfParts.length];

/** The cells that are not on the diagonal. */
export const restOfMatrix: Cells = (row, operation) => !diagonal(row, operation);

async function endOf(target: Opened, operation: Operation, failure: Failure) {
  // Not disposed of, since that would end the faults of the other tests.
  target.server.failNext({ operation, bucket: target.bucket }, failure, Number.POSITIVE_INFINITY);
  const error = await failureOf(target.config, messagesOf(operations[operation]));
  return { error, bucket: target.bucket, server: target.server };
}

/** Tests each operation with each answer that does not prove success. */
export function testUnproved(): void {
  const openTarget = targetOpener();

  describe.each(Object.keys(operations) as Operation[])(
    'A run in which %s is always answered with',
    { concurrent: true },
    (operation) => {
      it.each(Object.entries(unproved))('%s fails, names it, and leaves nothing', async (_, failure) => {
        const { error, bucket, server } = await endOf(openTarget(settings), operation, failure);
        expect(error).toMatchObject({ name: 'ConnectionError', code: 'server_answer_invalid', exitCode: 3 });
        expect(String(error)).toContain(operation);
        expect(String(error)).toContain(server.endpoint);
        expect(String(error)).toMatch(/answered: (\d{3} |no )/);
        expect(server.objects(bucket)).toEqual([]);
        expect(server.openUploads(bucket)).toEqual([]);
      });
    },
  );
}

/** Tests the faults that pass or last with these operations. */
export function testFaults(cells: Cells): void {
  const openTarget = targetOpener();
  const tested = (Object.keys(operations) as Operation[]).filter((operation) =>
    operationsOfParts.some((_, row) => cells(row, operation)),
  );
  const rowsOf = <T>(faults: Readonly<Record<string, T>>, operation: Operation) =>
    Object.entries(faults).filter((_, row) => cells(row, operation));

  describe.each(tested)('A run in which %s is always answered with', { concurrent: true }, (operation) => {
    it.each(rowsOf(passing, operation))('%s fails with its code, and is retryable', async (_, [failure, code]) => {
      const { error, bucket, server } = await endOf(openTarget(settings), operation, failure);
      expect(error).toMatchObject({ name: 'ConnectionError', code, isRetryable: true, exitCode: 3 });
      expect(server.objects(bucket)).toEqual([]);
    });

    it.each(rowsOf(lasting, operation))(
      '%s fails with its code and what to do',
      async (_, [failure, code, exitCode]) => {
        const { error, bucket, server } = await endOf(openTarget(settings), operation, failure);
        expect(error).toMatchObject({ code, exitCode });
        expect((error as { remedy?: string }).remedy).not.toContain('author');
        expect(server.objects(bucket)).toEqual([]);
        expect(server.openUploads(bucket)).toEqual([]);
      },
    );
  });

  describe.each(tested)('A run in which %s is once answered with', { concurrent: true }, (operation) => {
    const once = {
      ...Object.fromEntries(Object.entries(passing).map(([name, [failure]]) => [name, failure])),
      ...Object.fromEntries(Object.entries(unproved).filter(([, failure]) => 'reply' in failure)),
      'a 502, though it was done': { reply: { status: 502, isApplied: true } } satisfies Failure,
      '403 RequestTimeTooSkewed, by whose date the clock is set': refusal(403, 'RequestTimeTooSkewed'),
    };

    it.each(rowsOf(once, operation))('%s succeeds in the end, with each row stored once', async (_, failure) => {
      const target = openTarget(settings);
      const lines = operations[operation];
      target.server.failNext({ operation, bucket: target.bucket }, failure);
      expect(await statesOf(target.config, messagesOf(lines))).toHaveLength(1);
      const found = await linesOf(target.server, target.bucket);
      expect(found.length).toBe(lines.length);
      expect(found.every((line, index) => line === lines[index])).toBe(true);
    });
  });
}
