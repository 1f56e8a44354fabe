import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';
import {
  Batch,
  type Log,
  parseConfig,
  type SchemaMessage,
  type State,
  type StreamSchema,
  silentLog,
  type TargetMessage,
} from 'c8connector';
import { type AnsweredRequest, type ObjectSummary, type S3Server, startS3 } from 'test-services';
import { afterAll, beforeAll } from 'vitest';
import { type Bucket, openBucket } from '../c8_target_s3/client.ts';
import { type S3Config, type Settings, settingsOf } from '../c8_target_s3/config.ts';
import { S3Target } from '../c8_target_s3/index.ts';

export type Columns = StreamSchema['properties'];

/** A server, an empty bucket in it, and the target's config for it. Disposing ends the faults that a test has requested. */
export interface Opened extends Disposable {
  readonly server: S3Server;
  readonly bucket: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The requests to the server since then. */
  requests(): readonly AnsweredRequest[];
}

/** Starts a server for the tests of one file, and returns the function that opens a target in it. */
export function targetOpener(): (more?: Readonly<Record<string, unknown>>) => Opened {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  return (more = {}) => {
    const before = server.requests.length;
    const bucket = server.createBucket();
    const config = {
      bucket,
      region: server.region,
      access_key: server.accessKey,
      secret_access_key: server.secretAccessKey,
      endpoint: server.endpoint,
      force_path_style: true,
      ...more,
    };
    const requests = () => server.requests.slice(before);
    return { server, bucket, config, requests, [Symbol.dispose]: () => server.clearFaults() };
  };
}

/** An open client of the bucket of a target. */
export async function bucketOf(target: Opened, more: Readonly<Record<string, unknown>> = {}): Promise<Bucket> {
  return await openBucket(settingsFor({ ...target.config, ...more }));
}

/** The settings of a config. */
function settingsFor(config: Readonly<Record<string, unknown>>): Settings {
  return settingsOf(parseConfig(new S3Target().config, config).config as S3Config);
}

export function schemaOf(stream: string, columns: Columns, keyProperties: readonly string[] = []): SchemaMessage {
  return { type: 'SCHEMA', stream, schema: { type: 'object', properties: columns }, keyProperties };
}

/** A batch of JSON lines, written exactly as given. */
export function records(schema: SchemaMessage, lines: readonly (string | Uint8Array)[], version?: number): Batch {
  const bytes = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
  const header = { stream: schema.stream, schema: schema.schema, version, extractedAt: '2026-01-01T00:00:00.000000Z' };
  return Batch.ofLines({ ...header, exact: 'text' }, bytes, lines.length);
}

export function flush(position: number): TargetMessage & { readonly type: 'FLUSH' } {
  return { type: 'FLUSH', state: { bookmarks: { s: { position } } }, isCheckpoint: true };
}

/** Unique for each write of a test, as a store gives one to each claim. */
let lastEpoch = 0;

interface WriteOptions {
  readonly id?: string;
  readonly unit?: string;
  readonly connection?: string;
  readonly epoch?: number;
  readonly signal?: AbortSignal;
  readonly log?: Log;
}

export function write(
  config: unknown,
  messages: Iterable<TargetMessage> | AsyncIterable<TargetMessage>,
  options: WriteOptions = {},
): AsyncIterable<State | undefined> {
  const { id = 'run', unit = 'unit', connection = 'connection', signal = new AbortController().signal } = options;
  lastEpoch += 1;
  const stream = (async function* () {
    yield* messages;
  })();
  const run = { id, connection, unit, epoch: options.epoch ?? lastEpoch, generation: 1 };
  return new S3Target().write(stream, { config, run, signal, log: options.log ?? silentLog });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The states that a write yields. */
export async function statesOf(...call: Parameters<typeof write>): Promise<(State | undefined)[]> {
  return await collect(write(...call));
}

/** The error of a write. */
export async function failureOf(...call: Parameters<typeof write>): Promise<unknown> {
  return await statesOf(...call).then(
    (states) => ({ succeeded: states }),
    (error: unknown) => error,
  );
}

/** Objects with rows: all but the manifests. */
export function dataOf(server: S3Server, bucket: string): ObjectSummary[] {
  return server.objects(bucket).filter(({ key }) => !/(^|\/)_c8\//.test(key));
}

export function keysOf(server: S3Server, bucket: string): string[] {
  return dataOf(server, bucket).map(({ key }) => key);
}

/** The text of all objects, in the order of their keys. */
export async function textsOf(
  server: S3Server,
  bucket: string,
  keys = keysOf(server, bucket),
): Promise<{ readonly key: string; readonly text: string }[]> {
  return await Promise.all(
    keys.map(async (key) => {
      const body = await server.read(bucket, key);
      return { key, text: (key.endsWith('.gz') ? gunzipSync(body) : body).toString() };
    }),
  );
}

/** The lines of all JSON lines objects, in the order of their keys. */
export async function linesOf(server: S3Server, bucket: string, keys = keysOf(server, bucket)): Promise<string[]> {
  return (await textsOf(server, bucket, keys)).flatMap(({ text }) => text.split('\n').slice(0, -1));
}

/** The existing temporary directories of the target. */
export function spools(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('c8-target-s3-'));
}
