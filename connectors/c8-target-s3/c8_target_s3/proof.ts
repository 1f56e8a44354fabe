import { createHash } from 'node:crypto';

/**
 * Whether a text has the form of an S3 ETag: one strong tag, with or without its quotes. Weak tags (`W/"…"`) are refused, since web servers send them with any page.
 */
export function isEtag(text: string | undefined): text is string {
  return text !== undefined && /^(?:"[\x21\x23-\x7e]{1,200}"|[^\s"<>/\x7f-\uffff]{1,200})$/.test(text);
}

/** An ETag without its quotes, which not all servers send. */
export function bareEtag(etag: string): string {
  return etag.replaceAll('"', '');
}

/** Whether an ETag is the MD5 of the bytes. It is not if S3 encrypts with a KMS key. */
export function isMd5Of(etag: string, bytes: Uint8Array): boolean {
  return bareEtag(etag) === createHash('md5').update(bytes).digest('hex');
}

/** Whether the ETag of a multipart object is the MD5 of its parts' ETags, which are MD5s themselves. */
export function isMd5OfParts(etag: string, parts: readonly string[]): boolean {
  const digests = parts.map(bareEtag);
  if (!digests.every((digest) => /^[0-9a-f]{32}$/.test(digest))) return false;
  const md5 = createHash('md5')
    .update(Buffer.from(digests.join(''), 'hex'))
    .digest('hex');
  return bareEtag(etag) === `${md5}-${parts.length}`;
}

/** What is wrong with a returned checksum; undefined if there is none, or if it is among those expected. */
export function wrongChecksum(came: string | undefined, ...expected: readonly string[]): string | undefined {
  if (came === undefined || expected.includes(came)) return undefined;
  return `the CRC32 ${came} where ${expected.join(' or ')} was sent`;
}
