import { checksumHeader } from './checksums.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import type { S3Request } from './request.ts';
import { invalidArgument, notImplemented, S3Error } from './s3-error.ts';

const kept = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-storage-class',
];
// Accepting these without doing what they ask would be an answer that S3 never gives.
const refused = [
  'x-amz-object-lock-mode',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-write-offset-bytes',
];
const metadataPrefix = 'x-amz-meta-';
const largestMetadata = 2048;

export interface Description {
  readonly headers: StoredObject['headers'];
  readonly metadata: StoredObject['metadata'];
  readonly tags: StoredObject['tags'];
  readonly acl: StoredObject['acl'];
}

/** What a request that creates an object says about it. */
export function readDescription(request: S3Request, store: ObjectStore): Description {
  const acl = request.headers.get('x-amz-acl');
  checkAcl(acl);
  checkStorageClass(request.headers.get('x-amz-storage-class'));
  checkEncryption(request, store);
  for (const name of refused) if (request.headers.has(name)) throw notImplemented(name);
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of kept) {
    const value = request.headers.get(name);
    if (value !== undefined) headers[name] = value;
  }
  headers['x-amz-server-side-encryption'] ??= 'AES256';
  const encoding = storedEncoding(request.headers.get('content-encoding') ?? '');
  if (encoding) headers['content-encoding'] = encoding;

  const metadata: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of request.headers) {
    if (!name.startsWith(metadataPrefix)) continue;
    metadata[name.slice(metadataPrefix.length)] = value;
    size += name.length - metadataPrefix.length + Buffer.byteLength(value);
  }
  if (size > largestMetadata) {
    const message = 'Your metadata headers exceed the maximum allowed metadata size';
    throw new S3Error(400, 'MetadataTooLarge', message, {
      Size: String(size),
      MaxSizeAllowed: String(largestMetadata),
    });
  }
  return { headers, metadata, tags: readTags(request.headers.get('x-amz-tagging') ?? ''), acl };
}

/** Buckets are made without access control lists since April 2023; these two say nothing that the bucket does not say. */
function checkAcl(header: string | undefined): void {
  if (header === undefined || header === 'private' || header === 'bucket-owner-full-control') return;
  throw new S3Error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
}

const storageClasses =
  'STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER DEEP_ARCHIVE GLACIER_IR'.split(' ');

function checkStorageClass(header: string | undefined): void {
  if (header === undefined || storageClasses.includes(header)) return;
  throw new S3Error(400, 'InvalidStorageClass', 'The storage class you specified is not valid');
}

function checkEncryption({ headers }: S3Request, { kmsKeys }: ObjectStore): void {
  const method = headers.get('x-amz-server-side-encryption');
  const key = headers.get('x-amz-server-side-encryption-aws-kms-key-id');
  if (method !== undefined && method !== 'AES256' && method !== 'aws:kms') {
    throw invalidArgument('The encryption method specified is not supported', 'x-amz-server-side-encryption', method);
  }
  if (key === undefined) return;
  if (method !== 'aws:kms') {
    const name = 'x-amz-server-side-encryption-aws-kms-key-id';
    throw invalidArgument('The encryption method specified does not take a key of KMS', name, key);
  }
  if (!kmsKeys.includes(key)) throw new S3Error(400, 'KMS.NotFoundException', `Invalid keyId '${key}'`);
}

const mostTags = 10;

function readTags(header: string): Record<string, string> {
  const pairs = [...new URLSearchParams(header)];
  const tags = Object.fromEntries(pairs);
  const refuse = (message: string) => new S3Error(400, 'InvalidTag', message);
  if (pairs.length > mostTags) throw new S3Error(400, 'BadRequest', 'Object tags cannot be greater than 10');
  if (Object.keys(tags).length < pairs.length) throw refuse('Cannot provide multiple Tags with the same key');
  for (const [key, value] of pairs) {
    const isValid = (text: string, longest: number) =>
      text.length <= longest && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
    if (key === '' || key.startsWith('aws:') || !isValid(key, 128))
      throw refuse('The TagKey you have provided is invalid');
    if (!isValid(value, 256)) throw refuse('The TagValue you have provided is invalid');
  }
  return tags;
}

/** The headers of GetObject and HeadObject. */
export function describe(object: StoredObject, request: S3Request): Record<string, string> {
  const headers: Record<string, string> = {
    'accept-ranges': 'bytes',
    etag: object.etag,
    'last-modified': object.lastModified.toUTCString(),
    ...object.headers,
  };
  for (const [name, value] of Object.entries(object.metadata)) headers[metadataPrefix + name] = value;
  for (const name of [...kept, 'content-encoding']) {
    const override = request.query.get(`response-${name}`);
    if (override !== undefined) headers[name] = override;
  }
  return headers;
}

/** Given on request and for whole objects only: a range has no checksum of its own. */
export function describeChecksum(object: StoredObject, request: S3Request): Record<string, string> {
  if (!object.checksum || request.headers.get('x-amz-checksum-mode')?.toUpperCase() !== 'ENABLED') return {};
  const { algorithm, value, type } = object.checksum;
  return { [checksumHeader(algorithm)]: value, 'x-amz-checksum-type': type };
}

/** `aws-chunked` is the framing of the request and no property of the object. */
function storedEncoding(header: string): string {
  const encodings = header.split(',').map((encoding) => encoding.trim());
  return encodings.filter((encoding) => encoding && encoding !== 'aws-chunked').join(',');
}
