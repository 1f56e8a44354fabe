import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startS3 } from '../../src/s3/server.ts';
import { connect, type Probe, type ProbedServer } from './client.ts';
import { probeAccess } from './probe-access.ts';
import { probeIntegrity } from './probe-integrity.ts';
import { probeListing } from './probe-listing.ts';
import { probeMultipart } from './probe-multipart.ts';
import { probeObjects } from './probe-objects.ts';
import { startVersitygw } from './versitygw.ts';

describe('our S3 server', () => probeS3(() => startS3()));

const program = process.env.VERSITYGW;
describe('versitygw', () => {
  if (program) probeS3(() => startVersitygw(program));
  else it('is probed likewise', ({ skip }) => skip('VERSITYGW names no versitygw binary'));
});

/** What S3 documents, asked of any server that claims to be one. */
function probeS3(start: () => Promise<ProbedServer>): void {
  let server: ProbedServer;
  let client: S3Client;
  let bucket: string;
  const probe: Probe = {
    get server() {
      return server;
    },
    get client() {
      return client;
    },
    get bucket() {
      return bucket;
    },
  };
  beforeAll(async () => {
    server = await start();
    client = connect(server);
    bucket = await server.createBucket();
  }, 30_000);
  afterAll(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  });
  describe('objects', () => probeObjects(probe));
  describe('multipart uploads', () => probeMultipart(probe));
  describe('buckets and listings', () => probeListing(probe));
  describe('integrity', () => probeIntegrity(probe));
  describe('access', () => probeAccess(probe));
}
