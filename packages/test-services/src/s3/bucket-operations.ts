import { receiveDocument } from './body.ts';
import type { Answer, Call } from './call.ts';
import { createBucket, deleteBucket, findBucket } from './object-store.ts';
import { S3Error } from './s3-error.ts';
import { childText, element, parseXml } from './xml.ts';

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
