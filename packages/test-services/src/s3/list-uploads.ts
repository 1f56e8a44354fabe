import type { Answer, Call } from './call.ts';
import { commonPrefix, compareKeys, keyEncoding, readMaximum } from './listing.ts';
import { findUpload } from './multipart-store.ts';
import { type Bucket, findBucket, type MultipartUpload } from './object-store.ts';
import { element, elements } from './xml.ts';

export function listMultipartUploads({ store, request }: Call): Answer {
  const bucket = findBucket(store, request.bucket);
  const maximum = readMaximum(request, 'max-uploads');
  const encode = keyEncoding(request);
  const prefix = request.query.get('prefix') ?? '';
  const delimiter = request.query.get('delimiter') ?? '';
  const keyMarker = request.query.get('key-marker') ?? '';
  const idMarker = request.query.get('upload-id-marker') ?? '';
  const found = uploadsAfter(bucket, prefix, keyMarker, idMarker);
  const prefixes = new Set(found.flatMap(({ key }) => commonPrefix(key, prefix, delimiter) ?? []));
  const uploads = found.filter(({ key }) => commonPrefix(key, prefix, delimiter) === undefined);
  const page = uploads.slice(0, maximum);
  const last = uploads.length > maximum ? page.at(-1) : undefined;
  return {
    status: 200,
    body: element('ListMultipartUploadsResult', [
      ...elements({
        Bucket: bucket.name,
        KeyMarker: encode(keyMarker),
        UploadIdMarker: idMarker,
        NextKeyMarker: last && encode(last.key),
        NextUploadIdMarker: last?.id,
        Prefix: encode(prefix),
        Delimiter: delimiter ? encode(delimiter) : undefined,
        EncodingType: request.query.get('encoding-type') || undefined,
        MaxUploads: maximum,
        IsTruncated: last !== undefined,
      }),
      ...page.map(({ key, id, initiated }) =>
        element(
          'Upload',
          elements({ Key: encode(key), UploadId: id, StorageClass: 'STANDARD', Initiated: initiated.toISOString() }),
        ),
      ),
      ...[...prefixes].map((common) => element('CommonPrefixes', [element('Prefix', encode(common))])),
    ]),
  };
}

function uploadsAfter(bucket: Bucket, prefix: string, keyMarker: string, idMarker: string): MultipartUpload[] {
  return [...bucket.uploads.values()]
    .filter((upload) => upload.key.startsWith(prefix))
    .sort((left, right) => compareKeys(left.key, right.key) || compareKeys(left.id, right.id))
    .filter(({ key, id }) => {
      if (keyMarker === '') return true;
      return compareKeys(key, keyMarker) > 0 || (idMarker !== '' && key === keyMarker && compareKeys(id, idMarker) > 0);
    });
}

export function listParts({ store, request }: Call): Answer {
  const bucket = findBucket(store, request.bucket);
  const upload = findUpload(bucket, request.key, request.query.get('uploadId') ?? '');
  const maximum = readMaximum(request, 'max-parts');
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  const following = [...upload.parts.values()]
    .filter((part) => part.number > marker)
    .sort((left, right) => left.number - right.number);
  const page = following.slice(0, maximum);
  const truncated = following.length > page.length;
  return {
    status: 200,
    body: element('ListPartsResult', [
      ...elements({
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: marker,
        NextPartNumberMarker: page.at(-1)?.number ?? marker,
        MaxParts: maximum,
        IsTruncated: truncated,
        ChecksumAlgorithm: upload.algorithm,
        ChecksumType: upload.checksumType,
      }),
      ...page.map((part) =>
        element(
          'Part',
          elements({
            PartNumber: part.number,
            LastModified: part.lastModified.toISOString(),
            ETag: part.etag,
            Size: part.size,
            [`Checksum${part.checksum?.algorithm}`]: part.checksum?.value,
          }),
        ),
      ),
    ]),
  };
}
