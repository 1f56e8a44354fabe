import { createRequire } from 'node:module';
import type { S3Client } from '@aws-sdk/client-s3';
import type { C8Error } from 'c8connector';
import type { Attempt } from './attempt.ts';
import { clientConfig } from './client-config.ts';
import type { Settings } from './config.ts';
import { invalidAnswer, translateError } from './errors.ts';
import { addMiddleware } from './middleware.ts';
import { createPace, type Pace } from './pace.ts';
import { isThrottling } from './refusals.ts';
import { withRetries } from './retry.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/** One request to S3. */
export interface Request<T> {
  /** S3's name for the operation: `PutObject`. */
  readonly operation: string;
  /** The permission that it needs: `s3:PutObject`. */
  readonly right: string;
  /** The key of its object. */
  readonly key?: string;
  send(sdk: Sdk, client: S3Client, abortSignal: AbortSignal): Promise<T>;
  /** What an answer lacks to prove that the request was carried out; undefined if it lacks nothing. A status alone proves nothing. */
  lacks(answer: T): string | undefined;
  /** Once it is aborted, no further attempt is sent. */
  readonly signal: AbortSignal;
  /** Cancels the current attempt; defaults to `signal`. */
  readonly cut?: AbortSignal;
  /** Limits the attempts further than the settings do. */
  readonly attempts?: number;
}

/** Until the server has answered once, a wrong setting is more likely than a short outage. */
const attemptsBeforeAnswer = 2;

/** An open client for one bucket. `request` rejects only with this project's errors, or with an abort. */
export class Bucket implements Disposable {
  readonly name: string;
  /** Whether requests carry checksums, by the settings and the environment. */
  readonly sendsChecksums: boolean;
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  readonly #settings: Settings;
  readonly #pace: Pace = createPace();
  #hasAnswered = false;

  constructor(sdk: Sdk, client: S3Client, settings: Settings, sendsChecksums: boolean) {
    this.#sdk = sdk;
    this.#client = client;
    this.#settings = settings;
    this.name = settings.bucket;
    this.sendsChecksums = sendsChecksums;
  }

  /** Whether an S3 server has answered any request yet. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * Sends a request, and retries it as the settings allow while the error is retryable. Resolves with an answer that lacks nothing. Throws a ConnectionError or a ConfigError;
   * `server_answer_invalid` if an answer proves nothing.
   */
  async request<T extends { readonly $metadata: object }>(request: Request<T>): Promise<T> {
    const { signal, attempts = Number.POSITIVE_INFINITY } = request;
    const { retry } = this.#settings;
    const limit = Math.min(attempts, retry.attempts);
    return await withRetries(
      () => this.#attempt(request),
      (error) => this.#limitOf(error, limit),
      retry.longestDelay,
      signal,
    );
  }

  /** A request as an {@link Attempt}, for errors about parts of its answer. */
  attemptOf({ operation, right, key }: Pick<Request<unknown>, 'operation' | 'right' | 'key'>): Attempt {
    const { endpoint, region, objects } = this.#settings;
    return { operation, right, key, bucket: this.name, endpoint, region, owner: objects.all.ExpectedBucketOwner };
  }

  async #attempt<T extends { readonly $metadata: object }>(request: Request<T>): Promise<T> {
    const { signal, cut = signal } = request;
    await this.#pace.turn(signal);
    try {
      const answer = await request.send(this.#sdk, this.#client, cut);
      const lacking = request.lacks(answer);
      if (lacking !== undefined) throw invalidAnswer(this.attemptOf(request), `${cameWith(answer)}, ${lacking}`);
      this.#pace.speedUp();
      this.#hasAnswered = true;
      return answer;
    } catch (thrown) {
      throw translateError(thrown, this.attemptOf(request));
    }
  }

  #limitOf(error: C8Error, limit: number): number {
    const { status, s3Code } = error.details;
    if (isThrottling(status, s3Code)) this.#pace.slowDown();
    if (s3Code !== undefined) this.#hasAnswered = true;
    // The SDK has corrected its clock from the answer, so the second attempt can succeed.
    if (s3Code === 'RequestTimeTooSkewed') return Math.min(limit, 2);
    // Only the caller has the parts and can start the upload again.
    if (!error.isRetryable || error.code === 'upload_lost') return 1;
    return this.#hasAnswered ? limit : Math.min(limit, attemptsBeforeAnswer);
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }
}

/** Opens the client without sending a request. Loads the AWS SDK here, so that describing the connector does not load it. */
export async function openBucket(settings: Settings): Promise<Bucket> {
  // Its warning about Node 20 would be plain text among the JSON lines of stderr.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // It is CommonJS. Importing it as a module would read its files twice and take twice as long.
  const sdk: Sdk = createRequire(import.meta.url)('@aws-sdk/client-s3');
  const client = new sdk.S3Client(clientConfig(settings));
  const sendsChecksums = (await client.config.requestChecksumCalculation()) !== 'WHEN_REQUIRED';
  addMiddleware(client, settings.objects, !sendsChecksums);
  return new Bucket(sdk, client, settings, sendsChecksums);
}

function cameWith({ $metadata }: { readonly $metadata: object }): string {
  const { httpStatusCode, contentType } = $metadata as { httpStatusCode?: number; contentType?: string };
  return `${httpStatusCode ?? 'no status'} ${contentType ?? 'without a content type'}`;
}
