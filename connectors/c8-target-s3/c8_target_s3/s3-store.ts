import { isC8Error } from 'c8connector';
import { type Bucket, openBucket } from './client.ts';
import type { Settings } from './config.ts';
import { deleteObjects } from './delete-objects.ts';
import { getObject } from './get-object.ts';
import { listObjects } from './list-objects.ts';
import { listUploads, type OpenUpload } from './list-uploads.ts';
import { abortMultipart } from './multipart.ts';
import type { PartBuffer } from './part-buffer.ts';
import { putIfAbsent } from './put-if-absent.ts';
import type { Store } from './store.ts';
import { openUpload, partSizeFor } from './upload.ts';

/** Before the first answer, these codes mean that no S3 server was reached. */
const neverReached = ['connection_refused', 'host_unknown', 'tls_refused'];
const certainRefusals = ['bucket_missing', 'login_refused', 'region_wrong'];

/** Opens the bucket of the settings as a store. Makes no request yet. */
export async function openS3Store(settings: Settings): Promise<Store> {
  const bucket = await openBucket(settings);
  const { partSize } = settings;
  const free: PartBuffer[] = [];
  return {
    upload(object, { size, ...options }) {
      const fitting = partSizeFor(size, partSize);
      return openUpload(bucket, object, { ...options, partSize: fitting, ...(fitting === partSize && { free }) });
    },
    putIfAbsent: (object, body, options) => putIfAbsent(bucket, object, body, options),
    list: (prefix, signal) => listObjects(bucket, prefix, signal),
    read: (key, signal) => getObject(bucket, key, signal),
    delete: (keys, signal) => deleteObjects(bucket, keys, signal),
    async abortUploads(prefix, isLeft, { signal, log }) {
      for (const { key, id } of await leftUploads(bucket, prefix, isLeft, signal)) {
        const object = { key, contentType: '', metadata: {} };
        const error = await abortMultipart({ bucket, object, id }, signal);
        if (error !== undefined) log.warn('An upload could not be aborted.', { key, error: String(error) });
      }
    },
    provesNothingStored: (error) => isC8Error(error) && isCertain(error.code, bucket),
    [Symbol.dispose]: () => bucket[Symbol.dispose](),
  };
}

function isCertain(code: string, { hasAnswered }: Bucket): boolean {
  return certainRefusals.includes(code) || (!hasAnswered && neverReached.includes(code));
}

async function leftUploads(
  bucket: Bucket,
  prefix: string,
  isLeft: (key: string) => boolean,
  signal: AbortSignal,
): Promise<readonly OpenUpload[]> {
  const found: OpenUpload[] = [];
  try {
    for await (const upload of listUploads(bucket, prefix, signal)) if (isLeft(upload.key)) found.push(upload);
  } catch (error) {
    // Their parts only take space until a lifecycle rule of the bucket removes them; no reader sees them.
    const isOptional = ['access_denied', 'operation_unsupported', 'request_refused'];
    if (!isC8Error(error) || !isOptional.includes(error.code)) throw error;
  }
  return found;
}
