import { crc32Of } from './checksum.ts';
import type { Bucket } from './client.ts';
import { cutLater } from './cut-later.ts';
import { bareEtag, isEtag, isMd5Of, wrongChecksum } from './proof.ts';
import type { WrittenObject } from './store.ts';
import { confirmStored, type NewObject, shownEtag } from './stored-object.ts';

/** What proved that S3 has the bytes of an object: the returned checksum, an ETag that is their MD5, or a HeadObject after the request. */
export type Proof = 'checksum' | 'md5' | 'head';

/** Puts an object with one request. Resolves with the proof once S3 has proved that it has these bytes. With `isConditional`, S3 answers 412 if an object of this name exists. */
export async function putObject(
  bucket: Bucket,
  object: NewObject,
  body: Uint8Array,
  signal: AbortSignal,
  { isConditional = false }: { readonly isConditional?: boolean } = {},
): Promise<WrittenObject & { readonly proof: Proof }> {
  const { key } = object;
  const sum = crc32Of(body);
  using cut = cutLater(signal);
  const { ETag: etag = '', ChecksumCRC32 } = await bucket.request({
    operation: 'PutObject',
    right: 's3:PutObject',
    key,
    signal,
    cut: cut.signal,
    send: (sdk, client, abortSignal) => {
      const checksum = bucket.sendsChecksums ? { ChecksumCRC32: sum } : {};
      const command = new sdk.PutObjectCommand({
        Bucket: bucket.name,
        ...describedAs(object),
        Body: body,
        ...checksum,
        ...(isConditional ? { IfNoneMatch: '*' } : {}),
      });
      return client.send(command, { abortSignal });
    },
    lacks: ({ ETag, ChecksumCRC32 }) => (isEtag(ETag) ? wrongChecksum(ChecksumCRC32, sum) : `with ${shownEtag(ETag)}`),
  });
  const written = { bytes: body.length, etag: bareEtag(etag), crc32: sum };
  if (ChecksumCRC32 !== undefined) return { ...written, proof: 'checksum' };
  if (isMd5Of(etag, body)) return { ...written, proof: 'md5' };
  await confirmStored(bucket, object, { size: body.length, etag, crc32: [sum] }, signal);
  return { ...written, proof: 'head' };
}

/** The parameters of a request that creates an object, except for the bucket. */
export function describedAs({ key, contentType, metadata }: NewObject) {
  return { Key: key, ContentType: contentType, Metadata: { ...metadata } };
}
