import {
  createBucketOperation,
  deleteBucketOperation,
  deleteObjects,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './bucket-operations.ts';
import type { Operation } from './call.ts';
import { listObjects } from './list-objects.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
} from './multipart-operations.ts';
import { copyObject, deleteObjectOperation, getObject, headObject, putObjectOperation } from './object-operations.ts';
import type { S3Request } from './request.ts';
import { S3Error } from './s3-error.ts';

export interface Route {
  /** S3's name for it, such as `UploadPart`. */
  readonly name: string;
  /** The IAM action that a policy would have to allow; empty when it is checked for each key. */
  readonly permission: string;
  readonly run: Operation;
}

/** Found by method, by what the path names and by one query parameter or header. */
const routes: Readonly<Record<string, Route>> = {
  'GET /': route('ListBuckets', 's3:ListAllMyBuckets', listBuckets),
  'PUT bucket': route('CreateBucket', 's3:CreateBucket', createBucketOperation),
  'HEAD bucket': route('HeadBucket', 's3:ListBucket', headBucket),
  'DELETE bucket': route('DeleteBucket', 's3:DeleteBucket', deleteBucketOperation),
  'GET bucket location': route('GetBucketLocation', 's3:GetBucketLocation', getBucketLocation),
  'GET bucket list-type': route('ListObjectsV2', 's3:ListBucket', listObjects),
  'GET bucket uploads': route('ListMultipartUploads', 's3:ListBucketMultipartUploads', listMultipartUploads),
  'POST bucket delete': route('DeleteObjects', '', deleteObjects),
  'PUT object': route('PutObject', 's3:PutObject', putObjectOperation),
  'PUT object x-amz-copy-source': route('CopyObject', 's3:PutObject', copyObject),
  'GET object': route('GetObject', 's3:GetObject', getObject),
  'HEAD object': route('HeadObject', 's3:GetObject', headObject),
  'DELETE object': route('DeleteObject', 's3:DeleteObject', deleteObjectOperation),
  'POST object uploads': route('CreateMultipartUpload', 's3:PutObject', createMultipartUpload),
  'PUT object uploadId': route('UploadPart', 's3:PutObject', uploadPart),
  'POST object uploadId': route('CompleteMultipartUpload', 's3:PutObject', completeMultipartUpload),
  'DELETE object uploadId': route('AbortMultipartUpload', 's3:AbortMultipartUpload', abortMultipartUpload),
  'GET object uploadId': route('ListParts', 's3:ListMultipartUploadParts', listParts),
};

/** Query parameters that make another operation of a request; those not in `routes` are not implemented. */
const subresources =
  'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle list-type location logging metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore retention select session tagging torrent uploadId uploads versionId versioning versions website'.split(
    ' ',
  );

export function findRoute(request: S3Request): Route {
  const target = request.bucket === '' ? '/' : request.key === '' ? 'bucket' : 'object';
  const subresource = subresources.find((name) => request.query.has(name));
  const copies = request.method === 'PUT' && request.headers.has('x-amz-copy-source');
  const detail = subresource ?? (copies ? 'x-amz-copy-source' : undefined);
  const found = routes[[request.method, target, detail].filter(Boolean).join(' ')];
  if (found) return found;
  if (!['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].includes(request.method)) {
    throw new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
  }
  throw new S3Error(501, 'NotImplemented', 'This test server does not implement the operation.');
}

function route(name: string, permission: string, run: Operation): Route {
  return { name, permission, run };
}
