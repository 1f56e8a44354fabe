import { Readable } from 'node:stream';

const pieceSize = 1024 * 1024;

/**
 * The body of a request as a stream of pieces; undefined for a body of one piece. With TLS, Node counts a connection as idle during a single write, however many of its bytes move, so a large body
 * in one piece could time out. Of a body in pieces, each accepted piece counts as activity.
 */
export function inPieces(body: unknown): Readable | undefined {
  if (!(body instanceof Uint8Array) || body.length <= pieceSize) return undefined;
  return Readable.from(pieces(body), { highWaterMark: 1 });
}

function* pieces(body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += pieceSize) yield body.subarray(at, at + pieceSize);
}
