import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { inPieces } from './in-pieces.ts';
import type { ObjectSettings } from './object-settings.ts';

const making = ['PutObjectCommand', 'CreateMultipartUploadCommand'];

/** Adds the settings to all requests of a client, and with `withMd5` the MD5 of each body, which a bucket with Object Lock requires if no checksum is sent. */
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
  // After all other steps of the SDK: the request is signed, and its length and checksum are known.
  client.middlewareStack.add(
    (next) => async (args) => {
      const body = inPieces(Reflect.get(Object(args.request), 'body'));
      if (body !== undefined) Object.assign(Object(args.request), { body });
      const result = await next(args);
      // An error about an answer that proves nothing shows its content type, which the SDK does not return for a success.
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
