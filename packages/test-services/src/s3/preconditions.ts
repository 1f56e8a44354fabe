import type { S3Request } from './request.ts';
import { noSuchKey, notImplemented, preconditionFailed, S3Error } from './s3-error.ts';

/** What the conditions of a request are about. */
interface Version {
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** The conditional headers of a write. */
export interface Precondition {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** Of a write that happens whatever is there. */
export const noPrecondition: Precondition = { ifMatch: undefined, ifNoneMatch: undefined };

/** The conditions of a write; those that S3 does not know are refused. */
export function readPrecondition(request: S3Request): Precondition {
  const ifNoneMatch = request.headers.get('if-none-match');
  // S3 writes on "none at all" only, never on "not this one".
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match');
  return { ifMatch: request.headers.get('if-match'), ifNoneMatch };
}

/** Throws when a write must not happen beside what is there. */
export function checkWrite(precondition: Precondition, key: string, existing: Version | undefined): void {
  if (precondition.ifNoneMatch !== undefined && existing) throw preconditionFailed('If-None-Match');
  if (precondition.ifMatch === undefined) return;
  if (!existing) throw noSuchKey(key);
  if (!matches(precondition.ifMatch, existing)) throw preconditionFailed('If-Match');
}

/** Throws when the object is not to be given, NotModified included. */
export function checkRead(request: S3Request, object: Version): void {
  const ifMatch = request.headers.get('if-match');
  const ifNoneMatch = request.headers.get('if-none-match');
  const modified = Math.floor(object.lastModified.getTime() / 1000) * 1000;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object)) throw preconditionFailed('If-Match');
  } else if (modified > time(request, 'if-unmodified-since', Number.POSITIVE_INFINITY)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, object)) throw notModified();
  } else if (modified <= time(request, 'if-modified-since', Number.NEGATIVE_INFINITY)) throw notModified();
}

function matches(header: string, object: Version): boolean {
  const etags = header.split(',').map((etag) => etag.trim().replaceAll('"', ''));
  return etags.includes('*') || etags.includes(object.etag.replaceAll('"', ''));
}

function time(request: S3Request, header: string, otherwise: number): number {
  const value = Date.parse(request.headers.get(header) ?? '');
  return Number.isNaN(value) ? otherwise : value;
}

function notModified(): S3Error {
  return new S3Error(304, 'NotModified', 'Not Modified');
}
