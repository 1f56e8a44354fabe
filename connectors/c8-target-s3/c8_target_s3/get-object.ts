import { isC8Error } from 'c8connector';
import type { Bucket } from './client.ts';
import { isEtag } from './proof.ts';
import { shownEtag } from './stored-object.ts';

/** The bytes of a small object; undefined if it does not exist. */
export async function getObject(bucket: Bucket, key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
  let bytes: Uint8Array | undefined;
  try {
    await bucket.request({
      operation: 'GetObject',
      right: 's3:GetObject',
      key,
      signal,
      async send(sdk, client, abortSignal) {
        const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket.name, Key: key }), { abortSignal });
        bytes = await answer.Body?.transformToByteArray();
        return answer;
      },
      lacks: ({ ETag }) => (isEtag(ETag) ? undefined : `with ${shownEtag(ETag)}`),
    });
  } catch (error) {
    if (isC8Error(error) && error.details.status === 404 && error.details.s3Code !== 'NoSuchBucket') return undefined;
    throw error;
  }
  return bytes;
}
