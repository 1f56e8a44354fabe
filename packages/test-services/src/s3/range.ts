import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { S3Error } from './s3-error.ts';

/** Both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** `undefined` for the whole object, also when the header is of a form that S3 passes over. */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (header === undefined || first === undefined || last === undefined || first + last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  if (start < size && start <= end) return { start, end };
  throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable', {
    RangeRequested: header,
    ActualObjectSize: String(size),
  });
}

/** Opens before it returns: the object may be replaced while it is being read. */
export async function openRange(path: string, range?: ByteRange): Promise<Readable> {
  const file = await open(path);
  return file.createReadStream({ ...range, highWaterMark: 256 * 1024 });
}
