/** The server's answer, as an error of the AWS SDK describes it. The SDK has no types for this in errors that it does not know. */
export interface ErrorAnswer {
  /** Undefined if there was no answer. */
  readonly status: number | undefined;
  /** S3's error code, such as `SlowDown`; undefined if the answer had none. */
  readonly s3Code: string | undefined;
  readonly message: string;
  readonly contentType: string | undefined;
  /** The beginning of a body that the SDK could not read. */
  readonly body: string | undefined;
}

/** The names of SDK errors for an answer without a code, or one that the SDK cannot read. */
const nameless = ['Error', 'Unknown', 'UnknownError', 'S3ServiceException', 'SyntaxError'];

export function answerOf(error: Error): ErrorAnswer {
  return {
    status: statusOf(error),
    s3Code: nameless.includes(error.name) || error.name === '' ? undefined : error.name,
    message: error.message,
    contentType: headerOf(error, 'content-type'),
    body: textOf(error, '$responseBodyText') ?? textOf(objectOf(error, '$response'), 'body'),
  };
}

/** An answer as a message shows it: `200 text/html "<!DOCTYPE html>…"`. */
export function shownAnswer({ status, s3Code, contentType, body, message }: ErrorAnswer): string {
  if (s3Code !== undefined) return `${status ?? ''} ${s3Code}: ${shorten(message)}`.trim();
  const start = body === undefined ? '' : ` ${JSON.stringify(shorten(body))}`;
  return `${status ?? 'no status'} ${contentType ?? 'without a content type'}${start}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}

/** Node's code of a network error, from the error itself or any of its causes. */
export function networkCodeOf(error: Error): string | undefined {
  const code = textOf(error, 'code');
  if (code !== undefined) return code;
  const [first] = error instanceof AggregateError ? error.errors : [error.cause];
  return first instanceof Error ? networkCodeOf(first) : undefined;
}

export function headerOf(error: Error, name: string): string | undefined {
  return textOf(objectOf(objectOf(error, '$response'), 'headers'), name);
}

function statusOf(error: Error): number | undefined {
  const metadata = objectOf(error, '$metadata');
  const status: unknown = metadata && Reflect.get(metadata, 'httpStatusCode');
  // For an error within a 200, the SDK reports 503, here and in the response.
  return typeof status === 'number' ? status : undefined;
}

/** A property of any object, if it is a text. */
export function textOf(value: object | undefined, name: string): string | undefined {
  const found: unknown = value && Reflect.get(value, name);
  return typeof found === 'string' ? found : undefined;
}

function objectOf(value: object | undefined, name: string): object | undefined {
  const found: unknown = value && Reflect.get(value, name);
  return typeof found === 'object' && found !== null ? found : undefined;
}
