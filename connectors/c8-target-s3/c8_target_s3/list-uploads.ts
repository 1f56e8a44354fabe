import type { Bucket } from './client.ts';
import { decoded } from './list-objects.ts';

/** A multipart upload that was neither completed nor aborted. */
export interface OpenUpload {
  readonly key: string;
  readonly id: string;
}

/** All unfinished uploads below a prefix. Throws a ConnectionError: `access_denied` without the permission s3:ListBucketMultipartUploads. */
export async function* listUploads(bucket: Bucket, prefix: string, signal: AbortSignal): AsyncGenerator<OpenUpload> {
  let marker: { readonly KeyMarker: string; readonly UploadIdMarker?: string } | undefined;
  do {
    const page = await requestPage(bucket, prefix, marker, signal);
    const isEncoded = page.EncodingType === 'url';
    for (const { Key = '', UploadId = '' } of page.Uploads ?? []) yield { key: decoded(Key, isEncoded), id: UploadId };
    marker = page.IsTruncated === true ? nextOf(page, isEncoded) : undefined;
  } while (marker !== undefined);
}

interface PageEnd {
  readonly NextKeyMarker?: string | undefined;
  readonly NextUploadIdMarker?: string | undefined;
}

function nextOf({ NextKeyMarker = '', NextUploadIdMarker }: PageEnd, isEncoded: boolean) {
  const KeyMarker = decoded(NextKeyMarker, isEncoded);
  return NextUploadIdMarker === undefined ? { KeyMarker } : { KeyMarker, UploadIdMarker: NextUploadIdMarker };
}

async function requestPage(bucket: Bucket, prefix: string, marker: object | undefined, signal: AbortSignal) {
  return await bucket.request({
    operation: 'ListMultipartUploads',
    right: 's3:ListBucketMultipartUploads',
    signal,
    send: (sdk, client, abortSignal) => {
      const page = { Bucket: bucket.name, Prefix: prefix, EncodingType: 'url' as const, ...marker };
      return client.send(new sdk.ListMultipartUploadsCommand(page), { abortSignal });
    },
    lacks: ({ Bucket, IsTruncated, NextKeyMarker }) => {
      if (Bucket === undefined) return 'without the name of the bucket';
      return IsTruncated === true && !NextKeyMarker ? 'cut off, without a marker for the rest' : undefined;
    },
  });
}
