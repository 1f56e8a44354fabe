/** A refusal of a Web API method: HTTP 200 with `ok: false`. `details` become further fields of the answer. */
export class SlackError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, details: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.name = 'SlackError';
    this.code = code;
    this.details = details;
  }
}

/** `code` is `invalid_arguments` or `invalid_blocks`; each reason comes back twice, as Slack sends it. */
export function refusedBecause(code: string, reasons: readonly string[]): SlackError {
  const messages = reasons.map((reason) => `[ERROR] ${reason}`);
  return new SlackError(code, { errors: reasons, response_metadata: { messages } });
}

export function missingArgument(name: string): SlackError {
  return refusedBecause('invalid_arguments', [`missing required field: ${name}`]);
}

/** HTTP 429, with the seconds of its Retry-After. */
export class RateLimited extends Error {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('ratelimited');
    this.name = 'RateLimited';
    this.retryAfter = retryAfter;
  }
}
