import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { type ReceivedBody, receiveFile } from './body.ts';
import type { Answer, Call } from './call.ts';
import { algorithmOfHeader, checksumHeader } from './checksums.ts';
import { describe, describeChecksum, readDescription } from './object-headers.ts';
import {
  type Bucket,
  deleteObject,
  etagOf,
  findBucket,
  findObject,
  newFile,
  putObject,
  type StoredObject,
} from './object-store.ts';
import { checkRead, noPrecondition, readPrecondition } from './preconditions.ts';
import { openRange, readRange } from './range.ts';
import type { S3Request } from './request.ts';
import { accessDenied, invalidArgument, invalidRequest, notImplemented, S3Error } from './s3-error.ts';
import { element } from './xml.ts';

export async function putObjectOperation(call: Call): Promise<Answer> {
  const { store, request } = call;
  const bucket = findBucket(store, request.bucket);
  checkKey(request.key);
  const precondition = store.traits.conditions ? readPrecondition(request) : noPrecondition;
  const description = readDescription(request, store);
  checkObjectLock(bucket, request);
  const file = newFile(store);
  const body = await receiveFile(call, file);
  const object: StoredObject = {
    key: request.key,
    size: body.size,
    etag: etagOf(store, body.md5, description.headers),
    lastModified: new Date(),
    ...description,
    checksum: { ...body.checksum, type: 'FULL_OBJECT' },
    file,
    uploadId: undefined,
  };
  await putObject(bucket, object, precondition);
  const encryption = encryptionOf(object);
  const checksum = { ...checksumAnswer(body), 'x-amz-checksum-type': 'FULL_OBJECT' };
  const version = bucket.isVersioned ? { 'x-amz-version-id': randomBytes(24).toString('base64url') } : {};
  return { status: 200, headers: { etag: object.etag, ...version, ...checksum, ...encryption } };
}

export function checksumAnswer({ checksum }: ReceivedBody): Record<string, string> {
  return { [checksumHeader(checksum.algorithm)]: checksum.value };
}

export async function getObject(call: Call): Promise<Answer> {
  const { request } = call;
  const object = readable(call);
  const range = readRange(request.headers.get('range'), object.size);
  const headers = describe(object, request);
  if (range) {
    headers['content-range'] = `bytes ${range.start}-${range.end}/${object.size}`;
    headers['content-length'] = String(range.end - range.start + 1);
    return { status: 206, headers, body: await openRange(object.file, range) };
  }
  const whole = { ...headers, ...describeChecksum(object, request), 'content-length': String(object.size) };
  return { status: 200, headers: whole, body: await openRange(object.file) };
}

export function headObject(call: Call): Answer {
  const { request } = call;
  const object = readable(call);
  const range = readRange(request.headers.get('range'), object.size);
  const headers = describe(object, request);
  if (!range) {
    return {
      status: 200,
      headers: { ...headers, ...describeChecksum(object, request), 'content-length': String(object.size) },
    };
  }
  headers['content-range'] = `bytes ${range.start}-${range.end}/${object.size}`;
  headers['content-length'] = String(range.end - range.start + 1);
  return { status: 206, headers };
}

function readable({ store, request, denied }: Call): StoredObject {
  const bucket = findBucket(store, request.bucket);
  if (request.query.has('partNumber')) throw notImplemented('partNumber');
  // Whoever may not list must not learn whether a key exists.
  if (!bucket.objects.has(request.key) && denied('s3:ListBucket')) throw accessDenied();
  const object = findObject(bucket, request.key);
  checkRead(request, object);
  return object;
}

export async function deleteObjectOperation({ store, request }: Call): Promise<Answer> {
  if (request.headers.has('if-match')) throw notImplemented('If-Match');
  const bucket = findBucket(store, request.bucket);
  await deleteObject(bucket, request.key);
  return { status: 204, headers: bucket.isVersioned ? { 'x-amz-delete-marker': 'true' } : {} };
}

export async function copyObject(call: Call): Promise<Answer> {
  const { store, request, denied } = call;
  const bucket = findBucket(store, request.bucket);
  checkKey(request.key);
  const precondition = readPrecondition(request);
  const source = request.headers.get('x-amz-copy-source') ?? '';
  const [, sourceBucket, sourceKey] = /^\/?([^/?]+)\/([^?]+)$/.exec(source) ?? [];
  if (!sourceBucket || !sourceKey) {
    const message = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
    throw invalidArgument(message, 'x-amz-copy-source', source);
  }
  if (denied('s3:GetObject')) throw accessDenied();
  const original = findObject(findBucket(store, sourceBucket), decodeURIComponent(sourceKey));
  const replace = request.headers.get('x-amz-metadata-directive') === 'REPLACE';
  if (!replace && original === bucket.objects.get(request.key)) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const file = newFile(store);
  await copyFile(original.file, file, constants.COPYFILE_FICLONE);
  const object = {
    ...original,
    ...(replace && readDescription(request, store)),
    key: request.key,
    lastModified: new Date(),
    file,
    uploadId: undefined,
  };
  await putObject(bucket, object, precondition);
  return {
    status: 200,
    body: element('CopyObjectResult', [
      element('LastModified', object.lastModified.toISOString()),
      element('ETag', object.etag),
    ]),
  };
}

/** A bucket with Object Lock wants proof of what it is to keep. */
export function checkObjectLock({ hasObjectLock }: Bucket, { headers }: S3Request): void {
  const names = [...headers.keys(), headers.get('x-amz-trailer') ?? ''];
  if (!hasObjectLock || names.some((name) => name === 'content-md5' || algorithmOfHeader(name) !== undefined)) return;
  throw invalidRequest(
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  );
}

/** How an answer says that an object is encrypted. */
export function encryptionOf({ headers }: Pick<StoredObject, 'headers'>): Record<string, string> {
  const names = ['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id'];
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size <= 1024) return;
  const details = { Size: String(size), MaxSizeAllowed: '1024' };
  throw new S3Error(400, 'KeyTooLongError', 'Your key is too long', details);
}
