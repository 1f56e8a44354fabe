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

/** One request as data. */
export interface Request<T> {
  /** S3's name of it: `PutObject`. */
  readonly operation: string;
  /** The right that it needs: `s3:PutObject`. */
  readonly right: string;
  /** The object that it is about. */
  readonly key?: string;
  send(sdk: Sdk, client: S3Client, abortSignal: AbortSignal): Promise<T>;
  /** What an answer lacks to prove that the request was done; undefined when it lacks nothing. No status is a proof. */
  lacks(answer: T): string | undefined;
  /** Once it is aborted nothing is sent any more. */
  readonly signal: AbortSignal;
  /** Ends the request that is under way; `signal` when left out. */
  readonly cut?: AbortSignal;
  /** Fewer attempts than the settings allow. */
  readonly attempts?: number;
}

/** Before anything has answered, a wrong setting is more likely than a server that is away for a moment. */
const attemptsOfStranger = 2;

/** An open client of one bucket. Every error that leaves `request` is one of ours, or an abort. */
export class Bucket implements Disposable {
  readonly name: string;
  /** Whether requests carry checksums, as the settings and the environment say it. */
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

  /** Whether an S3 server has answered anything yet. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /**
   * Sends a request, again and again within the settings while its error may pass by itself, and resolves with an answer that lacks nothing. Throws a ConnectionError or a
   * ConfigError, `server_answer_invalid` for an answer that proves nothing.
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

  /** The same as an {@link Attempt}, for errors about parts of an answer. */
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
    // The SDK has set its own clock by the answer.
    if (s3Code === 'RequestTimeTooSkewed') return Math.min(limit, 2);
    // Only who holds the parts can begin anew.
    if (!error.isRetryable || error.code === 'upload_lost') return 1;
    return this.#hasAnswered ? limit : Math.min(limit, attemptsOfStranger);
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }
}

/** Imports the AWS SDK, which is why it is a function of its own: describing the connector must not. Makes no request yet. */
export async function openBucket(settings: Settings): Promise<Bucket> {
  // The advice to whoever runs Node 20 comes as a plain text among the JSON lines of stderr.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // It is CommonJS either way: imported as a module its files are read twice, which takes as long again.
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
