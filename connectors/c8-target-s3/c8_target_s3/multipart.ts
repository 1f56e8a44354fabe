import { isC8Error } from 'c8connector';
import { compositeCrc32, crc32Of, fullCrc32 } from './checksum.ts';
import type { Bucket } from './client.ts';
import { cutLater, cutMilliseconds, undoDeadline } from './cut-later.ts';
import { bareEtag, isEtag, isMd5Of, isMd5OfParts, wrongChecksum } from './proof.ts';
import { describedAs } from './put-object.ts';
import type { WrittenObject } from './store.ts';
import { confirmStored, type NewObject, type Sent, shownEtag } from './stored-object.ts';

/** A multipart upload in progress. */
export interface Multipart {
  readonly bucket: Bucket;
  readonly object: NewObject;
  readonly id: string;
}

/** A part that S3 has acknowledged. */
export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly crc32: string;
  /** Whether the server returned the checksum, and so requires it in CompleteMultipartUpload. */
  readonly hasChecksum: boolean;
  /** Whether the answer proved which bytes the part has, by the checksum or by an ETag that is their MD5. */
  readonly isProved: boolean;
}

const rightOf = { right: 's3:PutObject' } as const;

/** Begins a multipart upload. If the answer with its id is lost, an upload without parts remains, which a lifecycle rule of the bucket can remove. */
export async function beginMultipart(bucket: Bucket, object: NewObject, signal: AbortSignal): Promise<Multipart> {
  using cut = cutLater(signal);
  const { UploadId: id = '' } = await bucket.request({
    operation: 'CreateMultipartUpload',
    ...rightOf,
    key: object.key,
    signal,
    cut: cut.signal,
    send: (sdk, client, abortSignal) => {
      const checksum = bucket.sendsChecksums ? { ChecksumAlgorithm: 'CRC32' as const } : {};
      const command = new sdk.CreateMultipartUploadCommand({
        Bucket: bucket.name,
        ...describedAs(object),
        ...checksum,
      });
      return client.send(command, { abortSignal });
    },
    lacks: ({ UploadId, Key }) => (UploadId ? otherKey(Key, object.key) : 'with no UploadId'),
  });
  return { bucket, object, id };
}

/** Puts one part; numbers begin at 1. All parts but the last must have at least 5 MiB. */
export async function putPart(upload: Multipart, number: number, body: Uint8Array, signal: AbortSignal): Promise<Part> {
  const { bucket, object, id } = upload;
  const sum = crc32Of(body);
  const { ETag: etag = '', ChecksumCRC32 } = await bucket.request({
    operation: 'UploadPart',
    ...rightOf,
    key: object.key,
    signal,
    send: (sdk, client, abortSignal) => {
      const part = { Bucket: bucket.name, Key: object.key, UploadId: id, PartNumber: number, Body: body };
      const checksum = bucket.sendsChecksums ? { ChecksumCRC32: sum } : {};
      return client.send(new sdk.UploadPartCommand({ ...part, ...checksum }), { abortSignal });
    },
    lacks: ({ ETag, ChecksumCRC32 }) => (isEtag(ETag) ? wrongChecksum(ChecksumCRC32, sum) : `with ${shownEtag(ETag)}`),
  });
  const hasChecksum = ChecksumCRC32 !== undefined;
  return { number, size: body.length, etag, crc32: sum, hasChecksum, isProved: hasChecksum || isMd5Of(etag, body) };
}

/**
 * Combines the parts into the object, in their order. Resolves once S3 has proved that it has the object: by the returned checksum, by an ETag derived from those of the parts, or otherwise by a
 * HeadObject. An upload that S3 no longer knows may have been completed by a request whose answer was lost, which HeadObject shows.
 */
export async function completeMultipart(
  upload: Multipart,
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<WrittenObject> {
  const { bucket, object } = upload;
  const crc32 = fullCrc32(parts);
  const sums = [compositeCrc32(parts), crc32];
  const sent: Sent = { size: parts.reduce((sum, { size }) => sum + size, 0), etag: undefined, crc32: sums };
  const writtenAs = (etag: string) => ({ bytes: sent.size, etag: bareEtag(etag), crc32 });
  try {
    const { ETag: etag = '', ChecksumCRC32 } = await requestCompletion(upload, parts, sums, signal);
    const isOfParts =
      parts.every(({ isProved }) => isProved) &&
      isMd5OfParts(
        etag,
        parts.map((part) => part.etag),
      );
    if (ChecksumCRC32 === undefined && !isOfParts) await confirmStored(bucket, object, { ...sent, etag }, signal);
    return writtenAs(etag);
  } catch (error) {
    if (!isC8Error(error) || error.details.s3Code !== 'NoSuchUpload') throw error;
    // The error of the completion explains more than the missing object.
    const { ETag = '' } = await confirmStored(bucket, object, sent, signal).catch(() => {
      throw error;
    });
    return writtenAs(ETag);
  }
}

async function requestCompletion(
  { bucket, object, id }: Multipart,
  parts: readonly Part[],
  sums: readonly string[],
  signal: AbortSignal,
) {
  const Parts = parts.map(({ number, etag, crc32, hasChecksum }) => ({
    PartNumber: number,
    ETag: etag,
    ...(hasChecksum ? { ChecksumCRC32: crc32 } : {}),
  }));
  using cut = cutLater(signal);
  return await bucket.request({
    operation: 'CompleteMultipartUpload',
    ...rightOf,
    key: object.key,
    signal,
    cut: cut.signal,
    send: (sdk, client, abortSignal) => {
      const address = { Bucket: bucket.name, Key: object.key, UploadId: id };
      const command = new sdk.CompleteMultipartUploadCommand({ ...address, MultipartUpload: { Parts } });
      return client.send(command, { abortSignal });
    },
    lacks: ({ ETag, Key, ChecksumCRC32 }) =>
      isEtag(ETag) ? (otherKey(Key, object.key) ?? wrongChecksum(ChecksumCRC32, ...sums)) : `with ${shownEtag(ETag)}`,
  });
}

/**
 * Aborts an upload, so that its parts take no space. Retries after any error until `undoDeadline`, since it also runs after `signal` was aborted. Resolves with the last error if the parts
 * remain, so that it does not hide why the upload was aborted.
 */
export async function abortMultipart(upload: Multipart, signal: AbortSignal): Promise<unknown> {
  // The wait for a part or the completion may have taken this long already.
  using deadline = undoDeadline(signal, cutMilliseconds);
  let failure: unknown;
  for (let attempt = 0; attempt < 3 && !deadline.signal.aborted; attempt += 1) {
    try {
      await requestAbort(upload, deadline.signal);
      return undefined;
    } catch (error) {
      if (isC8Error(error) && error.details.s3Code === 'NoSuchUpload') return undefined;
      failure = error;
    }
  }
  return failure;
}

async function requestAbort({ bucket, object, id }: Multipart, signal: AbortSignal): Promise<void> {
  await bucket.request({
    operation: 'AbortMultipartUpload',
    right: 's3:AbortMultipartUpload',
    key: object.key,
    signal,
    attempts: 2,
    send: (sdk, client, abortSignal) => {
      const address = { Bucket: bucket.name, Key: object.key, UploadId: id };
      return client.send(new sdk.AbortMultipartUploadCommand(address), { abortSignal });
    },
    lacks: ({ $metadata }) => ($metadata.httpStatusCode === 204 ? undefined : 'instead of 204'),
  });
}

function otherKey(came: string | undefined, key: string): string | undefined {
  return came === undefined || came === key ? undefined : `for the object ${JSON.stringify(came)}`;
}
