import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** What a client has to know about a server, ours or another. */
export interface Endpoint {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretAccessKey: string;
}

/** A server that a probe starts, and what it is asked with. The properties are there once the tests run: read them inside of one. */
export interface Probe {
  readonly server: Endpoint;
  readonly client: S3Client;
  readonly bucket: string;
}

/** A server of which S3's documented behaviour is asked. */
export interface ProbedServer extends Endpoint, AsyncDisposable {
  createBucket(): string | Promise<string>;
}

export function connect(server: Endpoint, changes: Partial<Endpoint> = {}, systemClockOffset = 0): S3Client {
  const { endpoint, region, accessKey, secretAccessKey } = { ...server, ...changes };
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId: accessKey, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
    systemClockOffset,
  });
}

/** The code and status of a refusal, such as `NoSuchKey 404`. */
export async function refusal(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.name} ${error.$metadata.httpStatusCode}`;
    throw error;
  }
  return 'accepted';
}
