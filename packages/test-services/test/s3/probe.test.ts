import { describe, it } from 'vitest';
import { startS3 } from '../../src/s3/server.ts';
import { probeS3 } from './probe.ts';
import { startVersitygw } from './versitygw.ts';

describe('our S3 server', () => probeS3(() => startS3()));

const program = process.env.VERSITYGW;
describe('versitygw', () => {
  if (program) probeS3(() => startVersitygw(program));
  else it('is probed likewise', ({ skip }) => skip('VERSITYGW names no versitygw binary'));
});
