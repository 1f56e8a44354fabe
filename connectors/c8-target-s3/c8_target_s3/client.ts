import type { S3Client } from '@aws-sdk/client-s3';
import type { Settings } from './config.ts';
import { type Attempt, translateError } from './errors.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/** An open client of one bucket. Every error that leaves `call` is one of ours. */
export class Bucket implements Disposable {
  readonly name: string;
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #settings: Settings;

  constructor(sdk: Sdk, settings: Settings) {
    this.#sdk = sdk;
    this.#settings = settings;
    this.#client = new sdk.S3Client(clientConfig(settings));
    this.name = settings.bucket;
  }

  /** Makes one call; `right` is the IAM right that it needs, and `key` the object that it is about. */
  async call<T>(right: string, key: string | undefined, make: (sdk: Sdk, client: S3Client) => Promise<T>): Promise<T> {
    try {
      return await make(this.#sdk, this.#client);
    } catch (error) {
      const { endpoint, region } = this.#settings;
      const attempt: Attempt = { right, bucket: this.name, endpoint, region };
      throw translateError(error, key === undefined ? attempt : { ...attempt, key });
    }
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }
}

/** Imports the AWS SDK, which is why it is a function of its own: describing the connector must not. Makes no request yet. */
export async function openBucket(settings: Settings): Promise<Bucket> {
  // The advice to whoever runs Node 20 comes as a plain text among the JSON lines of stderr.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return new Bucket(await import('@aws-sdk/client-s3'), settings);
}

function clientConfig({ region, keys, endpoint, forcePathStyle }: Settings) {
  return {
    ...(region === undefined ? defaultRegion() : { region }),
    ...(keys && { credentials: { accessKeyId: keys.access.reveal(), secretAccessKey: keys.secret.reveal() } }),
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle,
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
  };
}

/** The SDK finds AWS_REGION and the region of a profile by itself, and fails when there is none; S3-compatible servers need none. */
function defaultRegion(): { readonly region?: string } {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE } = process.env;
  if (AWS_REGION || AWS_PROFILE) return {};
  return { region: AWS_DEFAULT_REGION || 'us-east-1' };
}
