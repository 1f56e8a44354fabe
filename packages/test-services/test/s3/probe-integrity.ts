import { GetObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { type Probe, refusal } from './client.ts';
import { sendSigned, sha256, signedChunks } from './signed-request.ts';

// The check values of the CRC catalogue, for the bytes "123456789".
const digits = Buffer.from('123456789');
const checksums = {
  CRC32: 'y/Q5Jg==',
  CRC32C: '4waSgw==',
  CRC64NVME: 'rosUhgp5mIg=',
  SHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
  SHA256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
} as const;

export function probeIntegrity(probe: Probe): void {
  function put(input: Partial<PutObjectCommandInput>): Promise<unknown> {
    return probe.client.send(new PutObjectCommand({ Bucket: probe.bucket, Key: 'sum', Body: digits, ...input }));
  }
  async function read(): Promise<string | undefined> {
    const answer = await probe.client.send(new GetObjectCommand({ Bucket: probe.bucket, Key: 'sum' }));
    return answer.Body?.transformToString();
  }
  function raw(
    payload: string,
    headers: Record<string, string>,
    body: NonNullable<Parameters<typeof sendSigned>[1]['body']>,
  ) {
    return sendSigned(probe.server, { method: 'PUT', path: `/${probe.bucket}/sum`, payload, headers, body });
  }

  it.each(Object.entries(checksums))('takes the right %s, gives it back, and refuses another', async (name, value) => {
    expect(await put({ [`Checksum${name}`]: value })).toMatchObject({ [`Checksum${name}`]: value });
    const got = await probe.client.send(
      new GetObjectCommand({ Bucket: probe.bucket, Key: 'sum', ChecksumMode: 'ENABLED' }),
    );
    expect(got).toMatchObject({ [`Checksum${name}`]: value });
    const other = Buffer.from(value, 'base64').fill(1).toString('base64');
    expect(await refusal(put({ Body: 'other', [`Checksum${name}`]: other }))).toBe('BadDigest 400');
    expect(await read()).toBe('123456789');
  });

  it('refuses a checksum of the wrong length', async () => {
    expect(await refusal(put({ ChecksumCRC32: 'AAAA' }))).toBe('InvalidRequest 400');
  });

  it('refuses a wrong and a malformed Content-MD5', async () => {
    expect(await refusal(put({ ContentMD5: 'JfnnlDI7RTiF9RgfG2JNCw==' }))).toBe('accepted');
    expect(await refusal(put({ ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }))).toBe('BadDigest 400');
    expect(await refusal(put({ ContentMD5: 'AAAA' }))).toBe('InvalidDigest 400');
  });

  it('refuses a body that is not the signed one', async () => {
    const answer = await raw(sha256('123456789'), {}, () => Buffer.from('987654321'));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('<Code>XAmzContentSHA256Mismatch</Code>');
    expect((await raw(sha256('123456789'), {}, () => digits)).status).toBe(200);
    expect((await raw('UNSIGNED-PAYLOAD', {}, () => digits)).status).toBe(200);
  });

  const chunks = [Buffer.alloc(8192, 'a'), Buffer.alloc(8192, 'b'), digits];
  const length = { 'x-amz-decoded-content-length': String(2 * 8192 + 9), 'content-encoding': 'aws-chunked' };

  it('takes a body in signed chunks and refuses a changed one', async () => {
    const payload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    const taken = await raw(payload, length, (signing) => signedChunks(chunks, signing));
    expect(taken).toEqual({ status: 200, text: '' });
    expect(await read()).toBe(Buffer.concat(chunks).toString());
    const changed = await raw(payload, length, (signing) => {
      const body = signedChunks(chunks, signing);
      body[5000] = 0;
      return body;
    });
    expect(changed.status).toBe(403);
    expect(changed.text).toContain('<Code>SignatureDoesNotMatch</Code>');
  });

  it('takes signed chunks with a signed trailer and refuses a wrong checksum in it', async () => {
    const payload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
    const headers = {
      'x-amz-decoded-content-length': '9',
      'content-encoding': 'aws-chunked',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    };
    const send = (trailer: string) => raw(payload, headers, (signing) => signedChunks([digits], signing, trailer));
    expect(await send('x-amz-checksum-crc32:y/Q5Jg==')).toEqual({ status: 200, text: '' });
    expect(await read()).toBe('123456789');
    const refused = await send('x-amz-checksum-crc32:AAAAAA==');
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('<Code>BadDigest</Code>')]);
  });

  it('checks the checksum in the trailer of unsigned chunks', async () => {
    const headers = {
      'x-amz-decoded-content-length': '9',
      'content-encoding': 'aws-chunked',
      'x-amz-trailer': 'x-amz-checksum-crc64nvme',
    };
    const send = (value: string) =>
      raw('STREAMING-UNSIGNED-PAYLOAD-TRAILER', headers, () =>
        Buffer.from(`9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:${value}\r\n\r\n`),
      );
    expect(await send(checksums.CRC64NVME)).toEqual({ status: 200, text: '' });
    const refused = await send('AAAAAAAAAAA=');
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('<Code>BadDigest</Code>')]);
  });

  it('refuses chunks that hold less than was declared', async () => {
    const payload = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    const answer = await raw(payload, length, (signing) => signedChunks(chunks.slice(0, 2), signing));
    expect(answer.text).toContain('<Code>IncompleteBody</Code>');
  });
}
