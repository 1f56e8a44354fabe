import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createCertificates, type ServerCertificates } from '../postgres/certificates.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { type AnsweredRequest, exchange, type Service } from './exchange.ts';
import { createFaultPlan, type Faults } from './faults.ts';
import { type Bucket, createBucket, findBucket, findObject, type ObjectStore } from './object-store.ts';
import { type Traits, traitsOfS3 } from './traits.ts';

export interface S3Options {
  /** `us-east-1` unless given. */
  readonly region?: string;
  /** Whether it speaks TLS, with a certificate of `authority` for localhost and 127.0.0.1. */
  readonly tls?: boolean;
  /** What the server does otherwise than Amazon's. */
  readonly traits?: Partial<Traits>;
}

export interface ObjectSummary {
  readonly key: string;
  readonly size: number;
  /** With its quotes, as S3 writes it. */
  readonly etag: string;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Lower case names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface UploadSummary {
  readonly key: string;
  readonly uploadId: string;
  readonly partNumbers: readonly number[];
}

export interface S3Server extends Faults, AsyncDisposable {
  /** `http://127.0.0.1:PORT`, for clients in path style; `https` with TLS. */
  readonly endpoint: string;
  /** With TLS, the certificate in PEM that clients must trust. */
  readonly authority: string | undefined;
  readonly region: string;
  readonly accessKey: string;
  readonly secretAccessKey: string;
  /** Every request since the start, in the order of their answers. */
  readonly requests: readonly AnsweredRequest[];
  /** Creates an empty bucket and gives its name. */
  createBucket(name?: string): string;
  /** Sorted by key. Throws S3's NoSuchBucket, as the next two. */
  objects(bucket: string): ObjectSummary[];
  read(bucket: string, key: string): Promise<Buffer>;
  /** Multipart uploads that were neither completed nor aborted. */
  openUploads(bucket: string): UploadSummary[];
  /** Breaks all connections and removes all objects; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts an S3 server of its own on 127.0.0.1, for clients in path style. It lives in this process and does not keep it alive;
 * its objects are files that go with `stop`, with `await using`, or with this process.
 */
export async function startS3(options: S3Options = {}): Promise<S3Server> {
  const directory = await createTemporaryDirectory('test-s3');
  const { region = 'us-east-1', traits } = options;
  const store: ObjectStore = { directory: directory.path, traits: { ...traitsOfS3, ...traits }, buckets: new Map() };
  const accessKey = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  const secretAccessKey = randomBytes(30).toString('base64');
  const service: Service = {
    credentials: { region, accessKey, secretAccessKey },
    store,
    faults: createFaultPlan(),
    answered: [],
  };
  const certificates = options.tls ? await createCertificates() : undefined;
  const server = createListener(service, certificates);
  server.on('checkContinue', (request, response) => void exchange(service, request, response));
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');

  async function stop(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await directory.remove();
  }
  const { deny, failNext, delay, clearFaults } = service.faults;
  return {
    endpoint: `${certificates === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    authority: certificates?.forClients.authority,
    region,
    accessKey,
    secretAccessKey,
    requests: service.answered,
    deny,
    failNext,
    delay,
    clearFaults,
    createBucket(name = `test-${randomBytes(6).toString('hex')}`) {
      createBucket(store, name, region);
      return name;
    },
    objects: (bucket) => objectsOf(findBucket(store, bucket)),
    read: (bucket, key) => readFile(findObject(findBucket(store, bucket), key).file),
    openUploads: (bucket) => uploadsOf(findBucket(store, bucket)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function createListener(service: Service, certificates: ServerCertificates | undefined): Server {
  // Longer than any client holds an idle connection: closing it first would break a request now and then.
  const options = { keepAliveTimeout: 300_000, requestTimeout: 0 };
  const listener: RequestListener = (request, response) => void exchange(service, request, response);
  if (certificates === undefined) return createServer(options, listener);
  const { serverCertificate: cert, serverKey: key } = certificates;
  return createSecureServer({ ...options, cert, key }, listener);
}

function objectsOf(bucket: Bucket): ObjectSummary[] {
  const found = [...bucket.objects.values()].map(({ key, size, etag, headers, metadata }) => ({
    key,
    size,
    etag,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    metadata,
  }));
  return found.sort((left, right) => (left.key < right.key ? -1 : 1));
}

function uploadsOf(bucket: Bucket): UploadSummary[] {
  return [...bucket.uploads.values()].map(({ key, id, parts }) => ({
    key,
    uploadId: id,
    partNumbers: [...parts.keys()].sort((left, right) => left - right),
  }));
}
