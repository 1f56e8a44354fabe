import type { S3Request } from './request.ts';
import { invalidArgument } from './s3-error.ts';

const largestPage = 1000;

export function readMaximum(request: S3Request, name: string): number {
  const text = request.query.get(name);
  if (text === undefined || text === '') return largestPage;
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 31) return Math.min(Number(text), largestPage);
  throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
}

/** A continuation token has the end of the page before, in a form that clients do not read. */
export function writeToken(last: string): string {
  return Buffer.from(`after:${last}`).toString('base64');
}

export function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (text.startsWith('after:') && writeToken(text.slice(6)) === token) return text.slice(6);
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}

/** Keys as the answer holds them: form encoded but for the slashes with `encoding-type=url`, as they are without. */
export function keyEncoding(request: S3Request): (key: string) => string {
  const type = request.query.get('encoding-type');
  if (type === undefined || type === '') return (key) => key;
  if (type !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', type);
  return (key) => new URLSearchParams([['', key]]).toString().slice(1).replaceAll('%2F', '/');
}

/** S3 sorts by the bytes of UTF-8, which differs from JavaScript's order above U+FFFF. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** The prefix that stands for this key, when the delimiter follows the prefix asked for. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
