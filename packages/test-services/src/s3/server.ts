import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createCertificates, type ServerCertificates } from '../certificates.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { type AccessKey, newAccessKey, newSessionKey, type SessionKey } from './access-keys.ts';
import { type AnsweredRequest, exchange, type Service } from './exchange.ts';
import { createFaultPlan, type Faults } from './faults.ts';
import {
  type Bucket,
  type BucketOptions,
  createBucket,
  findBucket,
  findObject,
  type ObjectStore,
  type StoredObject,
} from './object-store.ts';
import { type Traits, traitsOfS3 } from './traits.ts';

export interface S3Options {
  /** `us-east-1` unless given. */
  readonly region?: string;
  /** Whether it speaks TLS, with a certificate of `authority` for localhost and 127.0.0.1. */
  readonly tls?: boolean;
  /** What the server does otherwise than Amazon's. */
  readonly traits?: Partial<Traits>;
  /** Keys of KMS with which objects can be encrypted; none unless given. */
  readonly kmsKeys?: readonly string[];
  /** The clock of the server, in milliseconds since 1970. */
  readonly now?: () => number;
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
  readonly tags: Readonly<Record<string, string>>;
  /** The canned one that came with it. */
  readonly acl: string | undefined;
  /** `AES256` or `aws:kms`. */
  readonly encryption: string | undefined;
  readonly kmsKey: string | undefined;
  readonly storageClass: string;
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
  createBucket(name?: string, options?: BucketOptions): string;
  /** The account that the buckets belong to. */
  readonly account: string;
  /** Keys that the server knows for so many seconds. */
  createSession(seconds: number): SessionKey;
  /** What was replaced or deleted in a versioned bucket. */
  formerObjects(bucket: string): ObjectSummary[];
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
  const { region = 'us-east-1', traits, kmsKeys = [], now = Date.now } = options;
  const account = '111122223333';
  const store: ObjectStore = {
    directory: directory.path,
    traits: { ...traitsOfS3, ...traits },
    account,
    kmsKeys,
    buckets: new Map(),
  };
  const user = newAccessKey();
  const keys = new Map<string, AccessKey>([[user.accessKey, user]]);
  const service: Service = {
    credentials: { region, keys, now },
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
  const { deny, failNext, delay, intercept, clearFaults } = service.faults;
  return {
    endpoint: `${certificates === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    authority: certificates?.forClients.authority,
    region,
    accessKey: user.accessKey,
    secretAccessKey: user.secretAccessKey,
    account,
    createSession(seconds) {
      const session = newSessionKey(seconds, now());
      keys.set(session.accessKey, session);
      return session;
    },
    requests: service.answered,
    deny,
    failNext,
    delay,
    intercept,
    clearFaults,
    createBucket(name = `test-${randomBytes(6).toString('hex')}`, bucketOptions) {
      createBucket(store, name, region, bucketOptions);
      return name;
    },
    objects: (bucket) => summaries(findBucket(store, bucket).objects.values()),
    formerObjects: (bucket) => summaries(findBucket(store, bucket).formerObjects.values()),
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

function summaries(objects: Iterable<StoredObject>): ObjectSummary[] {
  const found = Array.from(objects, ({ key, size, etag, headers, metadata, tags, acl }) => ({
    key,
    size,
    etag,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    metadata,
    tags,
    acl,
    encryption: headers['x-amz-server-side-encryption'],
    kmsKey: headers['x-amz-server-side-encryption-aws-kms-key-id'],
    storageClass: headers['x-amz-storage-class'] ?? 'STANDARD',
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
