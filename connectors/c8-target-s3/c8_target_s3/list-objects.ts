import type { Bucket } from './client.ts';
import type { ListedObject } from './store.ts';

/** All objects below a prefix, a thousand with each request. Throws a ConnectionError: `access_denied` without the permission s3:ListBucket. */
export async function* listObjects(bucket: Bucket, prefix: string, signal: AbortSignal): AsyncGenerator<ListedObject> {
  let token: string | undefined;
  do {
    const page = await requestPage(bucket, prefix, token, signal);
    const isEncoded = page.EncodingType === 'url';
    for (const { Key = '', Size = 0 } of page.Contents ?? []) yield { key: decoded(Key, isEncoded), bytes: Size };
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function requestPage(bucket: Bucket, prefix: string, token: string | undefined, signal: AbortSignal) {
  return await bucket.request({
    operation: 'ListObjectsV2',
    right: 's3:ListBucket',
    signal,
    send: (sdk, client, abortSignal) => {
      // Keys may contain characters that XML cannot represent.
      const page = { Bucket: bucket.name, Prefix: prefix, EncodingType: 'url' as const, ContinuationToken: token };
      return client.send(new sdk.ListObjectsV2Command(page), { abortSignal });
    },
    lacks: ({ Name, IsTruncated, NextContinuationToken }) => {
      if (Name === undefined) return 'without the name of the bucket';
      const isCut = IsTruncated === true && NextContinuationToken === undefined;
      return isCut ? 'cut off, without a token for the rest' : undefined;
    },
  });
}

/** A key from a list, decoded if the encoding of the list is `url`. */
export function decoded(key: string, isEncoded: boolean): string {
  return isEncoded ? decodeURIComponent(key.replaceAll('+', '%20')) : key;
}
