import { isC8Error } from 'c8connector';
import { compositeCrc32, crc32Of, fullCrc32 } from './checksum.ts';
import type { Bucket } from './client.ts';
import { cutLater, cutMilliseconds, undoDeadline } from './cut-later.ts';
import { bareEtag, isEtag, isMd5Of, isMd5OfParts, wrongChecksum } from './proof.ts';
import { describedAs } from './put-object.ts';
import type { WrittenObject } from './store.ts';
import { confirmStored, type NewObject, type Sent, shownEtag } from './stored-object.ts';

/** A multipart upload that was begun. */
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
  /** Whether the server gave the checksum back, and so wants it in CompleteMultipartUpload. */
  readonly hasChecksum: boolean;
  /** Whether the answer proved which bytes it holds, by the checksum or by an ETag that is their MD5. */
  readonly isProved: boolean;
}

const rightOf = { right: 's3:PutObject' } as const;

/** Begins a multipart upload. An answer with the id that nobody hears leaves an upload without parts, which a lifecycle rule of the bucket removes. */
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

/** Puts one part; numbers begin with 1. All but the last must have 5 MiB at least. */
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
 * Makes the object of its parts, in their order. Resolves once S3 has proved to hold it: by the checksum that comes back, by an ETag made of those of the parts, or else by a
 * HeadObject. An upload that S3 does not know any more may have been completed by a request whose answer was lost: HeadObject shows it.
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
    // The error of the completion says more than that there is nothing.
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
 * Gives up an upload, so that its parts take no space. Has repetitions of its own, whatever the error, since it also runs after everything else was asked to stop, by
 * `signal`: see `undoDeadline`. Resolves with the last error when the parts stay: it must not hide why the upload was given up.
 */
export async function abortMultipart(upload: Multipart, signal: AbortSignal): Promise<unknown> {
  // A part or the completion may have been waited for.
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
    lacks: ({ $metadata }) => ($metadata.httpStatusCode === 204 ? undefined : 'where 204 says that it is done'),
  });
}

function otherKey(came: string | undefined, key: string): string | undefined {
  return came === undefined || came === key ? undefined : `for the object ${JSON.stringify(came)}`;
}
