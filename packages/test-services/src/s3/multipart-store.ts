import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { type Checksum, startChecksum } from './checksums.ts';
import {
  type Bucket,
  etagOf,
  type MultipartUpload,
  newFile,
  type ObjectStore,
  putObject,
  type StoredObject,
  type UploadedPart,
} from './object-store.ts';
import { checkWrite, type Precondition } from './preconditions.ts';
import { invalidRequest, S3Error } from './s3-error.ts';

/** A part as CompleteMultipartUpload names it. */
export interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum: string | undefined;
}

const smallestPart = 5 * 1024 ** 2;

export function newUploadId(): string {
  return randomBytes(48).toString('base64url');
}

export function findUpload(bucket: Bucket, key: string, id: string): MultipartUpload {
  const upload = bucket.uploads.get(id);
  if (upload && upload.key === key) return upload;
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new S3Error(404, 'NoSuchUpload', message, { UploadId: id });
}

export async function putPart(upload: MultipartUpload, part: UploadedPart): Promise<void> {
  const previous = upload.parts.get(part.number);
  upload.parts.set(part.number, part);
  if (previous) await rm(previous.file, { force: true });
}

export async function abortUpload(bucket: Bucket, upload: MultipartUpload): Promise<void> {
  bucket.uploads.delete(upload.id);
  for (const part of upload.parts.values()) await rm(part.file, { force: true });
}

export async function completeUpload(
  store: ObjectStore,
  bucket: Bucket,
  upload: MultipartUpload,
  named: readonly NamedPart[],
  precondition: Precondition,
): Promise<StoredObject> {
  const parts = choose(upload, named);
  checkWrite(precondition, upload.key, bucket.objects.get(upload.key));
  // From here on a second completion of the same upload finds nothing.
  bucket.uploads.delete(upload.id);
  const file = newFile(store);
  const checksum = await join(upload, parts, file);
  const digests = parts.map((part) => Buffer.from(part.etag.replaceAll('"', ''), 'hex'));
  const object: StoredObject = {
    key: upload.key,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    etag: etagOf(store, createHash('md5').update(Buffer.concat(digests)).digest('hex'), upload.headers, parts.length),
    lastModified: new Date(),
    headers: upload.headers,
    metadata: upload.metadata,
    tags: upload.tags,
    acl: upload.acl,
    checksum,
    file,
    uploadId: upload.id,
  };
  await abortUpload(bucket, upload);
  await putObject(bucket, object, precondition);
  return object;
}

function choose(upload: MultipartUpload, named: readonly NamedPart[]): UploadedPart[] {
  for (const [index, part] of named.entries()) {
    const before = named[index - 1];
    if (before && before.number >= part.number) {
      const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.';
      throw new S3Error(400, 'InvalidPartOrder', message, { UploadId: upload.id });
    }
  }
  return named.map(({ number, etag, checksum }, index) => {
    const part = upload.parts.get(number);
    if (checksum === undefined && upload.checksumType === 'COMPOSITE') throw missingChecksum(upload, number);
    const same = part?.etag.replaceAll('"', '') === etag.replaceAll('"', '');
    if (!part || !same || (checksum !== undefined && checksum !== part.checksum?.value)) {
      const message =
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
      throw new S3Error(400, 'InvalidPart', message, { UploadId: upload.id, PartNumber: String(number), ETag: etag });
    }
    if (part.size < smallestPart && index < named.length - 1) {
      throw new S3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
        ProposedSize: String(part.size),
        MinSizeAllowed: String(smallestPart),
        PartNumber: String(number),
        ETag: part.etag,
      });
    }
    return part;
  });
}

function missingChecksum(upload: MultipartUpload, part: number): S3Error {
  const algorithm = upload.algorithm.toLowerCase();
  return invalidRequest(
    `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${part} in the request.`,
  );
}

async function join(upload: MultipartUpload, parts: readonly UploadedPart[], path: string): Promise<Checksum> {
  const { algorithm, checksumType } = upload;
  const running = startChecksum(algorithm);
  const composite = checksumType === 'COMPOSITE';
  const file = await open(path, 'wx');
  try {
    for (const part of parts) {
      const chunks: AsyncIterable<Buffer> = createReadStream(part.file, { highWaterMark: 1024 ** 2 });
      for await (const chunk of chunks) {
        if (!composite) running.update(chunk);
        await file.appendFile(chunk);
      }
      if (composite) running.update(Buffer.from(part.checksum?.value ?? '', 'base64'));
    }
  } finally {
    await file.close();
  }
  const value = running.digest();
  return { algorithm, type: checksumType, value: composite ? `${value}-${parts.length}` : value };
}
