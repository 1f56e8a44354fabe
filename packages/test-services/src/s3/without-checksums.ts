import { Readable } from 'node:stream';
import type { Answer } from './call.ts';
import type { S3Request } from './request.ts';
import { notImplemented } from './s3-error.ts';
import type { XmlElement } from './xml.ts';

/** A server from before the checksums: it refuses what asks for one, and gives none. It has no `x-amz-checksum-mode` either, and passes over it. */
export const withoutChecksums = {
  check({ headers }: S3Request): void {
    const name = [...headers.keys()].find(
      (each) => /^x-amz-(checksum|sdk-checksum|trailer)/.test(each) && each !== 'x-amz-checksum-mode',
    );
    if (name !== undefined) throw notImplemented(name);
  },
  answer({ status, headers = {}, body }: Answer): Answer {
    const kept = Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum'));
    const answer = { status, headers: Object.fromEntries(kept) };
    if (body === undefined || body instanceof Readable) return body === undefined ? answer : { ...answer, body };
    return { ...answer, body: withoutElements(body) };
  },
};

function withoutElements(root: XmlElement): XmlElement {
  return { ...root, children: root.children.filter(({ name }) => !name.startsWith('Checksum')) };
}
