import { parseValue, type Row, type StreamSchema, type TargetMessage, type WriteRequest } from 'c8connector';
import type { TargetTestOptions } from 'c8connector-testing';
import { type S3Server, startS3 } from 'test-services';
import { afterAll } from 'vitest';
import { S3Target } from '../c8_target_s3/index.ts';
import { streamFolder } from '../c8_target_s3/object-name.ts';
import { keysOf, textsOf } from './harness.ts';
import { readBack } from './read-back.ts';

/** The last schema of each case: in Parquet JSON is a text like any other. What the program reads is not seen here, so its one stream with JSON is named. */
const schemas = new Map<string, StreamSchema>([['drifting_column', { properties: { value: {} } }]]);

/** The name of a stream without its unique part. */
function caseOf(stream: string): string {
  return stream.replace(/_[0-9a-f]{8}$/, '');
}

class WatchedTarget extends S3Target {
  override async *write(messages: AsyncIterable<TargetMessage>, request: WriteRequest) {
    async function* watched(): AsyncGenerator<TargetMessage> {
      for await (const message of messages) {
        if (message.type === 'SCHEMA') schemas.set(caseOf(message.stream), message.schema);
        yield message;
      }
    }
    yield* super.write(watched(), request);
  }
}

const servers: S3Server[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});

const otherFormat = {
  72: 'the program is the same as with parquet',
  85: 'the commits are the same as with parquet',
  106: 'the requests are the same as with parquet',
  113: 'the requests are the same as with parquet',
  114: 'the requests are the same as with parquet',
  115: 'the requests are the same as with parquet',
};

/** JSON lines hold every value; CSV refuses only half of a surrogate pair, which rows lose on their way to lines. */
const badRows = {
  parquet: { properties: { amount: { type: 'integer' } }, good: { amount: 1 }, bad: { amount: 1.5 } },
} as const;

/** The options of the conformance suite for one format, with its own server. */
export function testedFormat(format: string, more: Readonly<Record<string, unknown>> = {}): TargetTestOptions {
  let server: S3Server;
  let config: { readonly bucket: string };
  return {
    connector: WatchedTarget,
    async config() {
      server = await startS3();
      servers.push(server);
      const bucket = server.createBucket();
      const { region, endpoint } = server;
      const keys = { access_key: server.accessKey, secret_access_key: server.secretAccessKey };
      config = { bucket, ...{ region, endpoint, force_path_style: true, format, ...keys, ...more } };
      return config;
    },
    packageFolder: new URL('..', import.meta.url),
    readBack: (stream) => readBack(server, config, stream, schemas.get(caseOf(stream))),
    ...(format in badRows ? { badRow: badRows[format as keyof typeof badRows] } : {}),
    skip: format === 'parquet' ? {} : otherFormat,
  };
}

/** The same for one object per row. */
export function testedRows(): TargetTestOptions {
  let opened: { readonly server: S3Server; readonly bucket: string };
  return {
    ...testedFormat('json', { object_per_record: true }),
    async config() {
      const server = await startS3();
      servers.push(server);
      opened = { server, bucket: server.createBucket() };
      const keys = { access_key: server.accessKey, secret_access_key: server.secretAccessKey };
      const place = { bucket: opened.bucket, region: server.region, endpoint: server.endpoint, force_path_style: true };
      return { ...place, ...keys, format: 'json', object_per_record: true };
    },
    async readBack(stream) {
      const { server, bucket } = opened;
      const keys = keysOf(server, bucket).filter((key) => key.startsWith(`${streamFolder(stream)}/`));
      return (await textsOf(server, bucket, keys)).map(({ text }) => parseValue(text) as Row);
    },
    loadMethod: 'upsert',
    hardDelete: true,
    skip: {
      ...otherFormat,
      51: 'the program stores streams without a key too, which this cannot',
      58: 'without a key there is no name of an object',
      65: 'without a key there is no name of an object',
      101: 'rows behind the last checkpoint are there; written again they come to the same',
      105: 'each row is a request, and thousands take minutes',
    },
  };
}
