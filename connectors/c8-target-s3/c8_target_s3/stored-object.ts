import { isC8Error } from 'c8connector';
import type { Bucket } from './client.ts';
import { invalidAnswer } from './errors.ts';
import { bareEtag, isEtag, wrongChecksum } from './proof.ts';

/** An object to write: its key, and what S3 stores about it. */
export interface NewObject {
  readonly key: string;
  readonly contentType: string;
  /** ASCII only, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What was sent, and S3 must therefore have. */
export interface Sent {
  readonly size: number;
  /** The ETag in the answer; undefined if there was no answer. */
  readonly etag: string | undefined;
  /** The possible forms of the checksum of the whole object. */
  readonly crc32: readonly string[];
}

const about = (key: string) => ({ operation: 'HeadObject', right: 's3:GetObject', key });

/**
 * Asks what S3 has stored under the key of an object, if the answer to the request that created it did not prove it. Resolves if size, metadata, ETag and checksum are those that were sent; throws a
 * ConnectionError `server_answer_invalid` if they are not, or if there is no such object.
 */
export async function confirmStored(
  bucket: Bucket,
  object: NewObject,
  sent: Sent,
  signal: AbortSignal,
): Promise<Found> {
  const found = await findObject(bucket, object.key, signal);
  const wrong = found === undefined ? 'no object of this name' : differenceOf(found, object, sent);
  if (found !== undefined && wrong === undefined) return found;
  throw invalidAnswer(bucket.attemptOf(about(object.key)), wrong ?? '');
}

/** An object as HeadObject describes it. */
interface Found {
  readonly ContentLength?: number | undefined;
  readonly ETag?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}

/** An object by its key; undefined if it does not exist, as far as these credentials can see. */
export async function findObject(bucket: Bucket, key: string, signal: AbortSignal): Promise<Found | undefined> {
  try {
    return await bucket.request({
      ...about(key),
      signal,
      send: (sdk, client, abortSignal) => {
        const checksum = bucket.sendsChecksums ? { ChecksumMode: 'ENABLED' as const } : {};
        const command = new sdk.HeadObjectCommand({ Bucket: bucket.name, Key: key, ...checksum });
        return client.send(command, { abortSignal });
      },
      lacks: ({ ETag }) => (isEtag(ETag) ? undefined : `with ${shownEtag(ETag)}`),
    });
  } catch (error) {
    if (isC8Error(error) && error.details.status === 404) return undefined;
    throw error;
  }
}

function differenceOf(found: Found, { metadata }: NewObject, { size, etag, crc32 }: Sent): string | undefined {
  if (found.ContentLength !== size)
    return `an object of ${found.ContentLength} bytes instead of the ${size} that were sent`;
  const own = Object.entries(metadata).find(([name, value]) => found.Metadata?.[name] !== value);
  if (own !== undefined)
    return `an object whose ${own[0]} is ${JSON.stringify(found.Metadata?.[own[0]])} instead of ${JSON.stringify(own[1])}`;
  if (etag !== undefined && bareEtag(found.ETag ?? '') !== bareEtag(etag)) {
    return `an object with the ETag ${found.ETag} instead of ${etag}, which the upload returned`;
  }
  return wrongChecksum(found.ChecksumCRC32, ...crc32);
}

/** How a message shows a value that should be an ETag. */
export function shownEtag(etag: string | undefined): string {
  return etag === undefined ? 'no ETag' : `${JSON.stringify(etag)}, which is not an ETag of S3`;
}
