import { startS3 } from 'test-services';
import { expect, it } from 'vitest';
import { flush, keysOf, records, schemaOf, statesOf } from './harness.ts';

const schema = schemaOf('orders', { id: { type: 'integer' } });
const hour = 3_600_000;

it.each([-26, -1, 1, 26])(
  'A clock that is wrong by %i hours costs one request, whose answer says the time',
  async (hours) => {
    await using server = await startS3({ now: () => Date.now() + hours * hour });
    const bucket = server.createBucket();
    const keys = { access_key: server.accessKey, secret_access_key: server.secretAccessKey };
    const config = { bucket, endpoint: server.endpoint, region: server.region, force_path_style: true, ...keys };
    const flushes = [1, 2, 3].flatMap((at) => [records(schema, [`{"id":${at}}`]), flush(at)]);
    expect(await statesOf(config, [schema, ...flushes])).toHaveLength(3);
    expect(keysOf(server, bucket).length).toBeGreaterThanOrEqual(3);
    expect(server.requests.filter(({ status }) => status === 403)).toHaveLength(1);
  },
);
