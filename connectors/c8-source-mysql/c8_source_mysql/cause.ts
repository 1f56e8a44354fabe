import type { ErrorCode } from 'c8connector';

/** What an error number of the server means for a reader of data, and the fix. */
export interface Cause {
  /** The class of the error is that of the code. */
  readonly class: 'ConnectionError' | 'DataError' | 'ConfigError';
  readonly code: ErrorCode;
  /** Precedes the message of the server. */
  readonly meaning: string;
  readonly remedy?: string;
  readonly isRetryable?: boolean;
  /** The property of the config that the user should look at. */
  readonly property?: 'user' | 'password' | 'database' | 'ssl_mode';
}

/** Causes by number and, when one has several causes, by the message; the first match counts. */
export type Causes = readonly (readonly [readonly number[], Cause, message?: RegExp])[];
