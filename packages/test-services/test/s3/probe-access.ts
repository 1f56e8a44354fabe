import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, it } from 'vitest';
import { connect, type Probe, refusal } from './client.ts';
import { sendSigned } from './signed-request.ts';

export function probeAccess(probe: Probe): void {
  function list(client = probe.client): Promise<string> {
    return refusal(client.send(new ListObjectsV2Command({ Bucket: probe.bucket })));
  }

  it('refuses a wrong secret', async () => {
    expect(await list(connect(probe.server, { secretAccessKey: 'wrong' }))).toBe('SignatureDoesNotMatch 403');
  });

  it('refuses a clock that is twenty minutes off', async () => {
    expect(await list(connect(probe.server, {}, 20 * 60_000))).toBe('RequestTimeTooSkewed 403');
    expect(await list(connect(probe.server, {}, -20 * 60_000))).toBe('RequestTimeTooSkewed 403');
    expect(await list(connect(probe.server, {}, 10 * 60_000))).toBe('accepted');
  });

  it('refuses a signature for another region', async () => {
    expect(await list(connect(probe.server, { region: 'eu-west-1' }))).toBe('AuthorizationHeaderMalformed 400');
  });

  it('refuses a request without a signature', async () => {
    const answer = await fetch(`${probe.server.endpoint}/${probe.bucket}/any`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code>');
  });

  it('refuses a value of x-amz-content-sha256 that means nothing', async () => {
    const answer = await sendSigned(probe.server, {
      method: 'PUT',
      path: `/${probe.bucket}/any`,
      payload: 'SOMETHING',
      body: () => Buffer.from('a'),
    });
    expect(answer.status).toBe(400);
  });

  it('serves presigned URLs until they expire, and only as they were signed', async () => {
    const target = { Bucket: probe.bucket, Key: 'presigned/ü 1.txt' };
    const putUrl = await getSignedUrl(connect(probe.server), new PutObjectCommand(target), {
      unhoistableHeaders: new Set(['x-amz-checksum-crc32']),
    });
    expect(await (await fetch(withoutChecksum(putUrl), { method: 'PUT', body: 'text' })).text()).toContain(
      'SignatureDoesNotMatch',
    );
    const getUrl = await getSignedUrl(probe.client, new GetObjectCommand(target));
    expect((await fetch(getUrl)).status).toBe(404);
    await probe.client.send(new PutObjectCommand({ ...target, Body: 'text' }));
    expect(await (await fetch(getUrl)).text()).toBe('text');
    expect((await fetch(getUrl, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(getUrl.replace('1.txt', '2.txt'))).status).toBe(403);
    const expired = await getSignedUrl(probe.client, new GetObjectCommand(target), {
      signingDate: new Date(Date.now() - 60_000),
      expiresIn: 30,
    });
    const answer = await fetch(expired);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });
}

function withoutChecksum(url: string): string {
  return url.replace(/&x-amz-checksum-crc32=[^&]*/, '');
}
