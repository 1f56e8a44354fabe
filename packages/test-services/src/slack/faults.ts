import type { Arguments } from './arguments.ts';

/** Which calls are meant; what is left out matches all. */
export interface CallMatch {
  /** A method such as `chat.postMessage`; `webhook` and `upload` are those two kinds of URL. */
  readonly method?: string;
  readonly where?: (args: Arguments) => boolean;
  /** Of a method with cursors: 1 is the page without one. */
  readonly page?: number;
}

/**
 * What a call gets instead of its answer. `afterAcceptance` carries the call out first, so that only its answer is lost. A
 * `drop` breaks the connection, before anything is done, after the call was carried out, or then in the middle of the answer (`body`). `error` is an answer with
 * `ok: false`, HTTP 429 for `ratelimited`; `retryAfter` is in seconds.
 */
export type SlackFailure =
  | {
      readonly status: number;
      readonly body?: string | object;
      readonly headers?: Readonly<Record<string, string>>;
      readonly afterAcceptance?: boolean;
    }
  | {
      readonly error: string;
      readonly retryAfter?: number;
      /** Further fields of the answer. */
      readonly details?: Readonly<Record<string, unknown>>;
      readonly afterAcceptance?: boolean;
    }
  | { readonly drop: 'request' | 'response' | 'body' };

interface CallSubject {
  readonly method: string;
  readonly args: Arguments;
  readonly page: number;
}

export interface SlackFaults {
  /** Lets the next `times` matching calls fail. */
  failNext(match: CallMatch, failure: SlackFailure, times?: number): void;
  /** Makes matching calls wait before anything is done, until `clearFaults`. */
  delay(milliseconds: number, match?: CallMatch): void;
  clearFaults(): void;
}

export interface SlackFaultPlan extends SlackFaults {
  /** Takes one of the failures that were ordered. */
  nextFailure(subject: CallSubject): SlackFailure | undefined;
  delayOf(subject: CallSubject): number;
}

export function createFaultPlan(): SlackFaultPlan {
  const failures: { match: CallMatch; failure: SlackFailure; left: number }[] = [];
  const delays: { match: CallMatch; milliseconds: number }[] = [];
  return {
    failNext: (match, failure, times = 1) => void failures.push({ match, failure, left: times }),
    delay: (milliseconds, match = {}) => void delays.push({ match, milliseconds }),
    clearFaults() {
      failures.length = 0;
      delays.length = 0;
    },
    nextFailure(subject) {
      const found = failures.find(({ match, left }) => left > 0 && matches(match, subject));
      if (found) found.left -= 1;
      return found?.failure;
    },
    delayOf: (subject) =>
      delays.filter(({ match }) => matches(match, subject)).reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  };
}

/** Whether the call is carried out before it fails. */
export function isAfterAcceptance(failure: SlackFailure): boolean {
  return 'drop' in failure ? failure.drop !== 'request' : failure.afterAcceptance === true;
}

/** Whether the answer breaks off in its middle. */
export function isCut(failure: SlackFailure | undefined): boolean {
  return failure !== undefined && 'drop' in failure && failure.drop === 'body';
}

function matches({ method, where, page }: CallMatch, subject: CallSubject): boolean {
  return (
    (method ?? subject.method) === subject.method &&
    (page ?? subject.page) === subject.page &&
    (where?.(subject.args) ?? true)
  );
}
