import { receiveDocument } from './body.ts';
import type { Answer, Call } from './call.ts';
import { algorithmOfHeader } from './checksums.ts';
import { createBucket, deleteBucket, deleteObject, findBucket } from './object-store.ts';
import { invalidRequest, S3Error } from './s3-error.ts';
import { childText, element, elements, malformedXml, parseXml, type XmlElement } from './xml.ts';

export function listBuckets({ store }: Call): Answer {
  const buckets = [...store.buckets.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  return {
    status: 200,
    body: element('ListAllMyBucketsResult', [
      element('Owner', [element('ID', 'test-services')]),
      element(
        'Buckets',
        buckets.map(({ name, created }) =>
          element('Bucket', [element('Name', name), element('CreationDate', created.toISOString())]),
        ),
      ),
    ]),
  };
}

export async function createBucketOperation(call: Call): Promise<Answer> {
  const { store, region, request } = call;
  const document = await receiveDocument(call);
  const constraint = document.trim() ? childText(parseXml(document), 'LocationConstraint') : undefined;
  if ((constraint ?? 'us-east-1') !== region) {
    const message = `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`;
    throw new S3Error(400, 'IllegalLocationConstraintException', message);
  }
  createBucket(store, request.bucket, region);
  return { status: 200, headers: { location: `/${request.bucket}` } };
}

export function headBucket({ store, region, request }: Call): Answer {
  findBucket(store, request.bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

export function getBucketLocation({ store, region, request }: Call): Answer {
  findBucket(store, request.bucket);
  return { status: 200, body: element('LocationConstraint', region === 'us-east-1' ? '' : region) };
}

export function deleteBucketOperation({ store, request }: Call): Answer {
  deleteBucket(store, request.bucket);
  return { status: 204 };
}

/** Answers 200 even when every key is refused: the refusals are in the document. */
export async function deleteObjects(call: Call): Promise<Answer> {
  const { store, request, denied } = call;
  const bucket = findBucket(store, request.bucket);
  if (!store.traits.deletesMany) throw new S3Error(501, 'NotImplemented', 'The operation is not implemented.');
  const names = [...request.headers.keys(), request.headers.get('x-amz-trailer') ?? ''];
  if (!names.some((name) => name === 'content-md5' || algorithmOfHeader(name) !== undefined)) {
    throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
  const document = parseXml(await receiveDocument(call));
  const keys = document.children.flatMap((child) => (child.name === 'Object' ? [childText(child, 'Key') ?? ''] : []));
  if (keys.length === 0 || keys.length > 1000 || keys.includes('')) throw malformedXml();
  const quiet = childText(document, 'Quiet') === 'true';

  const results: XmlElement[] = [];
  for (const key of keys) {
    if (denied('s3:DeleteObject')) {
      results.push(element('Error', elements({ Key: key, Code: 'AccessDenied', Message: 'Access Denied' })));
      continue;
    }
    await deleteObject(bucket, key);
    if (!quiet) results.push(element('Deleted', elements({ Key: key, DeleteMarker: bucket.isVersioned || undefined })));
  }
  return { status: 200, body: element('DeleteResult', results) };
}
