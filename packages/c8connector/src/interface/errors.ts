import type { ValidationReport } from './connector.ts';
import { type ErrorClass, type ErrorCode, errorCodes } from './error-codes.ts';

/** One problem of a config. */
export interface ConfigProblem {
  /** Path of the property, `columns[2]` inside a list. */
  readonly property: string;
  /** The problem and the fix. Never contains the value of a secret. */
  readonly message: string;
}

/** Marks an error of this project. Registered globally, so that copies of the package in one tree recognize each other's errors. */
const marker = Symbol.for('c8connector.error');

/** Exit codes: 2 config or command line, 3 connection, 1 everything else. A code may have its own in `errorCodes`. */
const exitCodes: Readonly<Record<ErrorClass, number>> = {
  ConfigError: 2,
  ConnectionError: 3,
  DataError: 1,
  ProtocolError: 1,
  ConnectorError: 1,
  ValidationError: 1,
};

/** Properties of an error beside its message. */
export interface ErrorOptions {
  /** Stable, for programs: one of {@link errorCodes}, or a connector's own in snake case. */
  readonly code: ErrorCode | (string & {});
  /** What to do; the remedy in `errorCodes` when absent. */
  readonly remedy?: string;
  readonly cause?: unknown;
  /** Details for programs: stream, key, column, line … Never a secret and never a whole row. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whether the same call may succeed later without a change. */
  readonly isRetryable?: boolean;
  /** Seconds to wait before the same call, as the service requested. A run waits for one hour at most; a longer wait is a failure. */
  readonly retryAfter?: number;
}

/** What all errors of the project have in common. Test with {@link isC8Error}, never with `instanceof`. */
export abstract class C8Error extends Error {
  abstract override readonly name: ErrorClass;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly isRetryable: boolean;
  readonly retryAfter: number | undefined;

  constructor(message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, marker, { value: true });
    this.code = options.code;
    this.remedy = options.remedy ?? entryOf(options.code)?.remedy;
    this.details = options.details ?? {};
    this.isRetryable = options.isRetryable ?? false;
    this.retryAfter = options.retryAfter;
  }

  /** Exit code of a program that ends with this error. */
  get exitCode(): number {
    return entryOf(this.code)?.exitCode ?? exitCodes[this.name];
  }
}

function entryOf(code: string): { readonly remedy: string; readonly exitCode?: number } | undefined {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode] : undefined;
}

/** The config or the command line is invalid: the user must correct it. Carries all problems at once. */
export class ConfigError extends C8Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(message: string, options: ErrorOptions & { readonly problems?: readonly ConfigProblem[] }) {
    super(message, options);
    this.problems = options.problems ?? [];
  }
}

/** The service cannot be reached or refuses the connection: its operator must act. */
export class ConnectionError extends C8Error {
  override readonly name = 'ConnectionError';
}

/** A row or a schema cannot be transferred as requested. */
export class DataError extends C8Error {
  override readonly name = 'DataError';
}

/** The other program violated the Singer protocol; `details.line` is the 1-based number of the line. */
export class ProtocolError extends C8Error {
  override readonly name = 'ProtocolError';
}

/** A bug in a connector: it violated the contract of the interface. */
export class ConnectorError extends C8Error {
  override readonly name = 'ConnectorError';
}

/** What `validate` rejects with when a step failed. `report` names the steps; `cause` is the error of the failed step, and its exit code counts. */
export class ValidationError extends C8Error {
  override readonly name = 'ValidationError';
  readonly report: ValidationReport;

  constructor(message: string, options: ErrorOptions & { readonly report: ValidationReport }) {
    super(message, options);
    this.report = options.report;
  }

  override get exitCode(): number {
    return isC8Error(this.cause) ? this.cause.exitCode : super.exitCode;
  }
}

/** Whether an error is one of the project, of whatever copy of the package. */
export function isC8Error(error: unknown): error is C8Error {
  return typeof error === 'object' && error !== null && marker in error;
}
