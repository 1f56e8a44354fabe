// Takes about 120 s.
import { randomBytes } from 'node:crypto';
import { silentLog } from 'c8connector';
import { startS3 } from 'test-services';
import { expect, it } from 'vitest';
import { openS3Store } from '../c8_target_s3/s3-store.ts';
import { settingsFor } from './harness.ts';

it('An object has as many parts as S3 takes, and no more when it is larger', async () => {
  await using server = await startS3({ traits: { smallestPart: 1 } });
  const keys = { access_key: server.accessKey, secret_access_key: server.secretAccessKey };
  const place = { bucket: server.createBucket(), endpoint: server.endpoint, region: server.region };
  const settings = settingsFor({ ...place, ...keys });
  const partSize = 512;
  using store = await openS3Store({ ...settings, partSize, idleTimeout: 300_000 });
  for (const size of [10_000 * partSize]) {
    const body = randomBytes(size);
    const object = { key: `object-${size}`, contentType: 'text/plain', metadata: {} };
    await using upload = store.upload(object, { signal: new AbortController().signal, log: silentLog, size });
    await upload.write(body);
    await upload.close();
    expect((await server.read(place.bucket, object.key)).equals(body)).toBe(true);
    const parts = server.requests.filter(({ key, operation }) => key === object.key && operation === 'UploadPart');
    expect(parts.length).toBe(size === 10_000 * partSize ? 10_000 : Math.ceil(size / (partSize + 1)));
  }
}, 600_000);
