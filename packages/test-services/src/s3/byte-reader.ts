import { S3Error } from './s3-error.ts';

/** Lines and measured pieces of a stream of buffers, holding back one buffer at most. */
export interface ByteReader {
  /** The next line without its end; `undefined` at the end of the stream. */
  line(): Promise<string | undefined>;
  /** Between 1 and `limit` bytes; fails with IncompleteBody at the end of the stream. */
  some(limit: number): Promise<Buffer>;
}

const longestLine = 16_384;

export function byteReader(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let pending: Buffer = Buffer.alloc(0);

  async function next(): Promise<Buffer | undefined> {
    const result = await iterator.next();
    return result.done ? undefined : result.value;
  }
  return {
    async line() {
      for (let end = pending.indexOf('\n'); ; end = pending.indexOf('\n')) {
        if (end >= 0) {
          const text = pending.toString('latin1', 0, end).replace(/\r$/, '');
          pending = pending.subarray(end + 1);
          return text;
        }
        if (pending.length > longestLine) throw incompleteBody();
        const more = await next();
        if (more === undefined) return undefined;
        pending = Buffer.concat([pending, more]);
      }
    },
    async some(limit) {
      while (pending.length === 0) {
        const more = await next();
        if (more === undefined) throw incompleteBody();
        pending = more;
      }
      const piece = pending.subarray(0, limit);
      pending = pending.subarray(piece.length);
      return piece;
    },
  };
}

export function incompleteBody(): S3Error {
  const message = 'You did not provide the number of bytes specified by the Content-Length HTTP header';
  return new S3Error(400, 'IncompleteBody', message);
}
