import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { inPieces } from './in-pieces.ts';
import type { ObjectSettings } from './object-settings.ts';

const making = ['PutObjectCommand', 'CreateMultipartUploadCommand'];

/** Adds to all requests of a client what the settings say of them, and, `withMd5`, the MD5 of each body: where no checksum is sent, a bucket with Object Lock asks for it. */
export function addMiddleware(client: S3Client, { all, made }: ObjectSettings, withMd5: boolean): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) => {
      const more = making.includes(commandName) ? { ...all, ...made } : all;
      return async (args) => {
        const md5 = withMd5 ? md5Of(args.input) : {};
        return await next({ ...args, input: { ...args.input, ...more, ...md5 } });
      };
    },
    { step: 'initialize' },
  );
  // Below everything that the SDK does to a request: it is signed, and its length and checksum are known.
  client.middlewareStack.add(
    (next) => async (args) => {
      const body = inPieces(Reflect.get(Object(args.request), 'body'));
      if (body !== undefined) Object.assign(Object(args.request), { body });
      const result = await next(args);
      // An answer that proves nothing is described by its type: the SDK gives no header of a success.
      const headers: unknown = Reflect.get(Object(result.response), 'headers');
      Object.assign(Object(result.output).$metadata, { contentType: Reflect.get(Object(headers), 'content-type') });
      return result;
    },
    { step: 'deserialize', priority: 'high' },
  );
}

function md5Of(input: object): { readonly ContentMD5?: string } {
  const body: unknown = Reflect.get(input, 'Body');
  return body instanceof Uint8Array ? { ContentMD5: createHash('md5').update(body).digest('base64') } : {};
}
