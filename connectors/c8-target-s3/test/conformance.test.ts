import { testTarget } from 'c8connector-testing';
import { type S3Server, startS3 } from 'test-services';
import { afterAll } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { readBack } from './read-back.ts';

const servers: S3Server[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});

for (const format of ['jsonl', 'parquet']) {
  let server: S3Server;
  let bucket: string;
  testTarget({
    connector: S3Target,
    async config() {
      server = await startS3();
      servers.push(server);
      bucket = server.createBucket();
      const keys = { access_key: server.accessKey, secret_access_key: server.secretAccessKey };
      return { bucket, region: server.region, endpoint: server.endpoint, force_path_style: true, format, ...keys };
    },
    packageFolder: new URL('..', import.meta.url),
    readBack: (stream) => readBack(server, bucket, stream),
    skip: format === 'parquet' ? { 72: 'the program is the same as with jsonl' } : {},
  });
}
