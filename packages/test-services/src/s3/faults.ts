import { S3Error } from './s3-error.ts';

/** Which requests are meant; what is left out matches all. */
export interface RequestMatch {
  /** S3's name for the operation, such as `PutObject`, `UploadPart` or `ListObjectsV2`. */
  readonly operation?: string;
  readonly bucket?: string;
  readonly key?: string | RegExp;
  readonly partNumber?: number;
}

/**
 * An error answer (`status` may be 200, as in CompleteMultipartUpload's late failures), a connection that breaks: before
 * the request is read, or after it was carried out and before the answer, or any other answer in the place of S3's.
 */
export type Failure =
  | { readonly status: number; readonly code: string; readonly message?: string }
  | { readonly drop: 'request' | 'response' }
  | { readonly reply: Reply };

/** An answer as a proxy, a login page or another server gives it, or an answer of S3 that was changed on its way. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The request was carried out. Without it nobody looked at the request. */
  readonly isApplied?: true;
  /** The connection breaks behind the body. */
  readonly isCut?: true;
}

export interface RequestSubject {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly partNumber: number | undefined;
}

/**
 * Called with each request before anything is done, and again once it was carried out and before its answer. The request waits for it; 'drop' breaks the connection: the first time nothing is done then, the
 * second time nobody hears of it.
 */
export type Interceptor = (subject: RequestSubject, moment: 'before' | 'after') => Promise<'drop' | undefined>;

export interface Faults {
  /** Sets what is called with each request, until `clearFaults`. */
  intercept(interceptor: Interceptor): void;
  /** Answers AccessDenied to a permission of IAM such as `s3:PutObject`, on one bucket or on all, until `clearFaults`. */
  deny(permission: string, bucket?: string): void;
  /** Lets the next `times` matching requests fail. */
  failNext(match: RequestMatch, failure: Failure, times?: number): void;
  /** Makes matching requests wait before anything is done, until `clearFaults`. */
  delay(milliseconds: number, match?: RequestMatch): void;
  clearFaults(): void;
}

export interface FaultPlan extends Faults {
  readonly intercepted: Interceptor;
  denied(permission: string, bucket: string): boolean;
  /** Takes one of the failures that were ordered. */
  nextFailure(subject: RequestSubject): Failure | undefined;
  delayOf(subject: RequestSubject): number;
}

export function createFaultPlan(): FaultPlan {
  const denials: { permission: string; bucket: string | undefined }[] = [];
  const failures: { match: RequestMatch; failure: Failure; left: number }[] = [];
  const delays: { match: RequestMatch; milliseconds: number }[] = [];
  let interceptor: Interceptor | undefined;
  return {
    intercept(given) {
      interceptor = given;
    },
    intercepted: async (subject, moment) => await interceptor?.(subject, moment),
    deny: (permission, bucket) => void denials.push({ permission, bucket }),
    failNext: (match, failure, times = 1) => void failures.push({ match, failure, left: times }),
    delay: (milliseconds, match = {}) => void delays.push({ match, milliseconds }),
    clearFaults() {
      for (const list of [denials, failures, delays]) list.length = 0;
      interceptor = undefined;
    },
    denied: (permission, bucket) =>
      denials.some((denial) => denial.permission === permission && (denial.bucket ?? bucket) === bucket),
    nextFailure(subject) {
      const found = failures.find(({ match, left }) => left > 0 && matches(match, subject));
      if (found) found.left -= 1;
      return found?.failure;
    },
    delayOf: (subject) =>
      delays.filter(({ match }) => matches(match, subject)).reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  };
}

export function failureError(failure: { status: number; code: string; message?: string }): S3Error {
  return new S3Error(failure.status, failure.code, failure.message ?? 'A failure that the test ordered.');
}

function matches(match: RequestMatch, subject: RequestSubject): boolean {
  const { key } = match;
  return (
    (match.operation ?? subject.operation) === subject.operation &&
    (match.bucket ?? subject.bucket) === subject.bucket &&
    (match.partNumber ?? subject.partNumber) === subject.partNumber &&
    (key instanceof RegExp ? key.test(subject.key) : (key ?? subject.key) === subject.key)
  );
}
