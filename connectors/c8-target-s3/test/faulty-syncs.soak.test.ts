// Takes about 200 s.
import { openMemoryStateStore } from 'c8connector';
import type { Failure, RequestMatch } from 'test-services';
import { afterEach, describe, expect, it } from 'vitest';
import { targetOpener } from './harness.ts';
import { expectOnlyRows, type SyncRows, sync } from './sync.ts';

const isSoak = process.env.C8_SOAK === '1';
const openTarget = targetOpener();

const texts = new Map<number, string>();

/** Incompressible text, the same for the same id. */
function noise(id: number): string {
  const known = texts.get(id);
  if (known !== undefined) return known;
  const numbers = new Uint32Array(187_500);
  let drawn = id + 1;
  for (let at = 0; at < numbers.length; at += 1) {
    drawn = (Math.imul(drawn, 1664525) + 1013904223) >>> 0;
    numbers[at] = drawn;
  }
  const text = Buffer.from(numbers.buffer).toString('hex');
  texts.set(id, text);
  return text;
}

const sizes: Readonly<Record<string, SyncRows>> = {
  small: { pages: 4, rowsOfPage: 10, text: (id) => `row ${id}` },
  // Of two parts each.
  large: { pages: 2, rowsOfPage: 4, text: noise },
};
const settings = { compression: 'none', flush_rows: 4, part_size: 5, max_attempts: 2, max_retry_delay: 1 };

const html = { 'content-type': 'text/html' };
const page = '<!DOCTYPE html><html><body><h1>Sign in<br></h1></body></html>';
const kinds: Readonly<Record<string, Failure>> = {
  '503 SlowDown': { status: 503, code: 'SlowDown' },
  '429': { reply: { status: 429 } },
  '500 InternalError': { status: 500, code: 'InternalError' },
  'an error inside of a 200': { status: 200, code: 'InternalError' },
  'the 502 of a proxy': { reply: { status: 502, headers: html, body: page } },
  '409 ConditionalRequestConflict': { status: 409, code: 'ConditionalRequestConflict' },
  'a connection that breaks at once': { drop: 'request' },
  'a connection that breaks before the answer': { drop: 'response' },
  'an answer that is cut': {
    reply: {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: '<?xml version="1.0"?><Res',
      isCut: true,
    },
  },
  'a page with 200': { reply: { status: 200, headers: html, body: page } },
  'a 502, though it was done': { reply: { status: 502, isApplied: true } },
};

const operations: Readonly<Record<string, (size: string) => RequestMatch>> = {
  'the object of a flush': (size) => ({
    operation: size === 'large' ? 'CompleteMultipartUpload' : 'PutObject',
    key: /^s\//,
  }),
  'its data': (size) => ({ operation: size === 'large' ? 'UploadPart' : 'PutObject', key: /^s\// }),
  'a manifest': () => ({ operation: 'PutObject', key: /^_c8\// }),
  'a list': () => ({ operation: 'ListObjectsV2' }),
  'a manifest that is read': () => ({ operation: 'GetObject', key: /^_c8\// }),
};

describe.skipIf(!isSoak)('A sync, three times answered with', { concurrent: true }, () => {
  const cells = Object.keys(kinds).flatMap((kind) =>
    Object.keys(operations).flatMap((operation) =>
      ['jsonl', 'parquet'].flatMap((format) => Object.keys(sizes).map((size) => ({ kind, operation, format, size }))),
    ),
  );

  it.each(cells)(
    '$kind for $operation of $size objects as $format, has each row once and leaves nothing',
    { timeout: 120_000 },
    async ({ kind, operation, format, size }) => {
      // Not disposed of, since that would end the faults of the other tests.
      const target = openTarget({ ...settings, format });
      const match = { ...operations[operation]?.(size), bucket: target.bucket };
      target.server.failNext(match, kinds[kind] as Failure, 3);
      const rows = sizes[size] as SyncRows;
      const { failure, retries } = await sync(target, rows);
      expect(failure).toBeUndefined();
      expect(retries).toBeLessThanOrEqual(2);
      await expectOnlyRows(target, rows);
    },
  );
});

describe.skipIf(!isSoak)('300 answers that are lost after the request was carried out', () => {
  afterEach(() => openTarget()[Symbol.dispose]());

  it.each(['jsonl', 'parquet'])(
    'store no row twice as %s, and leave nothing behind',
    { timeout: 600_000 },
    async (format) => {
      using target = openTarget({ ...settings, format, max_attempts: 10 });
      const writes = /^(Put|Create|Upload|Complete|Abort|Delete)/;
      let lost = 0;
      let drawn = 1;
      target.server.intercept(async ({ operation }, moment) => {
        if (moment === 'before' || !writes.test(operation) || lost >= 150) return undefined;
        drawn = (Math.imul(drawn, 1664525) + 1013904223) >>> 0;
        if (drawn / 2 ** 32 > 0.3) return undefined;
        lost += 1;
        return 'drop';
      });
      const store = openMemoryStateStore();
      for (let run = 0; lost < 150; run += 1) {
        const rows = sizes[run % 5 === 4 ? 'large' : 'small'] as SyncRows;
        expect(await sync(target, rows, store)).toMatchObject({ failure: undefined });
        await expectOnlyRows(target, rows);
      }
      const asked = target.requests().filter(({ operation }) => writes.test(operation)).length;
      const answered = target
        .requests()
        .filter(({ operation, status }) => writes.test(operation) && status !== undefined).length;
      expect(asked - answered).toBe(lost);
    },
  );
});
