import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from './checksums.ts';
import { checkWrite, type Precondition } from './preconditions.ts';
import { noSuchKey, S3Error } from './s3-error.ts';
import type { Traits } from './traits.ts';

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  /** Content-Type and its like, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The canned one that came with it. */
  readonly acl: string | undefined;
  readonly checksum: Checksum | undefined;
  readonly file: string;
  /** Of the multipart upload that made it. */
  readonly uploadId: string | undefined;
}

/** A part of a multipart upload. */
export interface UploadedPart {
  readonly number: number;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
  readonly file: string;
}

/** A multipart upload that was neither completed nor aborted. */
export interface MultipartUpload {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  readonly headers: StoredObject['headers'];
  readonly metadata: StoredObject['metadata'];
  readonly tags: StoredObject['tags'];
  readonly acl: StoredObject['acl'];
  /** S3's own, CRC64NVME, unless the client named one; then its parts must have the same. */
  readonly algorithm: ChecksumAlgorithm;
  readonly algorithmNamed: boolean;
  readonly checksumType: ChecksumType;
  readonly parts: Map<number, UploadedPart>;
}

export interface BucketOptions {
  /** Keeps what is replaced or deleted. */
  readonly isVersioned?: boolean;
  /** Takes only bodies that come with a checksum or an MD5; it is versioned. */
  readonly hasObjectLock?: boolean;
}

export interface Bucket extends BucketOptions {
  readonly name: string;
  readonly created: Date;
  readonly objects: Map<string, StoredObject>;
  readonly uploads: Map<string, MultipartUpload>;
  /** What is there no more in a versioned bucket: what was replaced or deleted. */
  readonly formerObjects: StoredObject[];
}

/** Bytes are files of the directory, everything else is in memory: it lives as long as the server. */
export interface ObjectStore {
  readonly directory: string;
  readonly traits: Traits;
  /** 12 digits of the account that the buckets belong to. */
  readonly account: string;
  /** Those of KMS with which objects can be encrypted. */
  readonly kmsKeys: readonly string[];
  readonly buckets: Map<string, Bucket>;
}

/** The ETag of bytes with that MD5 (hexadecimal), with its quotes; with the number of parts it is that of an object of several. */
export function etagOf({ traits }: ObjectStore, md5: string, headers: StoredObject['headers'], parts?: number): string {
  const isMd5 = traits.md5Etags && headers['x-amz-server-side-encryption'] !== 'aws:kms';
  return `"${isMd5 ? md5 : randomBytes(16).toString('hex')}${parts === undefined ? '' : `-${parts}`}"`;
}

export function newFile(store: ObjectStore): string {
  return join(store.directory, randomUUID());
}

export function createBucket(store: ObjectStore, name: string, region: string, options: BucketOptions = {}): void {
  if (!/^(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..') || /^\d+(\.\d+){3}$/.test(name)) {
    throw new S3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
  if (store.buckets.has(name)) {
    // The oldest region answers 200 to the owner, for the sake of old programs.
    if (region === 'us-east-1') return;
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new S3Error(409, 'BucketAlreadyOwnedByYou', message, { BucketName: name });
  }
  store.buckets.set(name, {
    name,
    created: new Date(),
    objects: new Map(),
    uploads: new Map(),
    formerObjects: [],
    ...options,
    isVersioned: options.isVersioned === true || options.hasObjectLock === true,
  });
}

export function findBucket(store: ObjectStore, name: string): Bucket {
  const bucket = store.buckets.get(name);
  if (bucket) return bucket;
  throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
}

export function deleteBucket(store: ObjectStore, name: string): void {
  const bucket = findBucket(store, name);
  if (bucket.objects.size > 0) {
    const message = 'The bucket you tried to delete is not empty';
    throw new S3Error(409, 'BucketNotEmpty', message, { BucketName: name });
  }
  store.buckets.delete(name);
}

export function findObject(bucket: Bucket, key: string): StoredObject {
  const object = bucket.objects.get(key);
  if (object) return object;
  throw noSuchKey(key);
}

/** Makes the object visible, unless the precondition fails; what it replaces is removed from disk. */
export async function putObject(bucket: Bucket, object: StoredObject, precondition: Precondition): Promise<void> {
  const previous = bucket.objects.get(object.key);
  try {
    checkWrite(precondition, object.key, previous);
  } catch (error) {
    await rm(object.file, { force: true });
    throw error;
  }
  bucket.objects.set(object.key, object);
  if (previous) await discard(bucket, previous);
}

export async function deleteObject(bucket: Bucket, key: string): Promise<void> {
  const object = bucket.objects.get(key);
  if (!object) return;
  bucket.objects.delete(key);
  await discard(bucket, object);
}

async function discard(bucket: Bucket, object: StoredObject): Promise<void> {
  if (bucket.isVersioned) bucket.formerObjects.push(object);
  else await rm(object.file, { force: true });
}
