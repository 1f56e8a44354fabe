import { rm } from 'node:fs/promises';
import { receiveDocument, receiveFile } from './body.ts';
import type { Answer, Call } from './call.ts';
import { type ChecksumAlgorithm, type ChecksumType, findAlgorithm } from './checksums.ts';
import { abortUpload, completeUpload, findUpload, newUploadId, putPart } from './multipart-store.ts';
import { readDescription } from './object-headers.ts';
import { checkKey, checkObjectLock, checksumAnswer, encryptionOf } from './object-operations.ts';
import { etagOf, findBucket, type MultipartUpload, newFile, type StoredObject } from './object-store.ts';
import { noPrecondition, readPrecondition } from './preconditions.ts';
import { invalidArgument, invalidRequest, notImplemented } from './s3-error.ts';
import { childText, element, elements, malformedXml, parseXml, type XmlElement } from './xml.ts';

export function createMultipartUpload({ store, request }: Call): Answer {
  const bucket = findBucket(store, request.bucket);
  checkKey(request.key);
  const named = request.headers.get('x-amz-checksum-algorithm');
  const algorithm = named === undefined ? 'CRC64NVME' : findAlgorithm(named);
  if (algorithm === undefined) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  const upload: MultipartUpload = {
    id: newUploadId(),
    key: request.key,
    initiated: new Date(),
    ...readDescription(request, store),
    algorithm,
    algorithmNamed: named !== undefined,
    checksumType: readChecksumType(request.headers.get('x-amz-checksum-type'), algorithm),
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  return {
    status: 200,
    headers: {
      ...encryptionOf(upload),
      ...(named !== undefined && {
        'x-amz-checksum-algorithm': algorithm,
        'x-amz-checksum-type': upload.checksumType,
      }),
    },
    body: element(
      'InitiateMultipartUploadResult',
      elements({ Bucket: bucket.name, Key: upload.key, UploadId: upload.id }),
    ),
  };
}

function readChecksumType(header: string | undefined, algorithm: ChecksumAlgorithm): ChecksumType {
  const type = header?.toUpperCase() ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (type === 'COMPOSITE' && algorithm !== 'CRC64NVME') return type;
  if (type === 'FULL_OBJECT' && algorithm.startsWith('CRC')) return type;
  throw invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}

export async function uploadPart(call: Call): Promise<Answer> {
  const { store, request } = call;
  const bucket = findBucket(store, request.bucket);
  const upload = findUpload(bucket, request.key, request.query.get('uploadId') ?? '');
  checkObjectLock(bucket, request);
  if (request.headers.has('x-amz-copy-source')) throw notImplemented('x-amz-copy-source');
  const number = Number(request.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    const message = 'Part number must be an integer between 1 and 10000, inclusive';
    throw invalidArgument(message, 'partNumber', request.query.get('partNumber') ?? '');
  }
  const file = newFile(store);
  const body = await receiveFile(call, file);
  const actual = body.checksum.sent ? body.checksum.algorithm : undefined;
  const needed = upload.checksumType === 'COMPOSITE' || actual !== undefined;
  if (upload.algorithmNamed && needed && actual !== upload.algorithm) {
    await rm(file);
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${actual?.toLowerCase() ?? 'null'}`,
    );
  }
  const etag = etagOf(store, body.md5, upload.headers);
  await putPart(upload, { number, size: body.size, etag, lastModified: new Date(), checksum: body.checksum, file });
  return { status: 200, headers: { etag, ...checksumAnswer(body) } };
}

export async function completeMultipartUpload(call: Call): Promise<Answer> {
  const { store, request } = call;
  const bucket = findBucket(store, request.bucket);
  const document = parseXml(await receiveDocument(call));
  const uploadId = request.query.get('uploadId') ?? '';
  const existing = bucket.objects.get(request.key);
  // A client that did not get the answer may ask again.
  if (existing?.uploadId === uploadId && store.traits.remembersUploads) return completed(call, existing);
  const upload = findUpload(bucket, request.key, uploadId);
  const parts = document.children.filter((child) => child.name === 'Part').map((part) => readPart(part, upload));
  if (parts.length === 0) throw malformedXml();
  const precondition = store.traits.conditions ? readPrecondition(request) : noPrecondition;
  return completed(call, await completeUpload(store, bucket, upload, parts, precondition));
}

function completed({ request }: Call, { key, etag, checksum }: StoredObject): Answer {
  return {
    status: 200,
    body: element(
      'CompleteMultipartUploadResult',
      elements({
        Location: `http://${request.headers.get('host')}/${request.bucket}/${key}`,
        Bucket: request.bucket,
        Key: key,
        ETag: etag,
        [`Checksum${checksum?.algorithm}`]: checksum?.value,
        ChecksumType: checksum?.type,
      }),
    ),
  };
}

function readPart(part: XmlElement, upload: MultipartUpload) {
  const number = Number(childText(part, 'PartNumber'));
  const etag = childText(part, 'ETag');
  if (!Number.isInteger(number) || number < 1 || etag === undefined) throw malformedXml();
  return { number, etag, checksum: childText(part, `Checksum${upload.algorithm}`) };
}

export async function abortMultipartUpload({ store, request }: Call): Promise<Answer> {
  const bucket = findBucket(store, request.bucket);
  await abortUpload(bucket, findUpload(bucket, request.key, request.query.get('uploadId') ?? ''));
  return { status: 204 };
}
