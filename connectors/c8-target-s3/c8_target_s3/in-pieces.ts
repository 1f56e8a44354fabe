import { Readable } from 'node:stream';

const pieceSize = 1024 * 1024;

/**
 * The body of a request as a stream of pieces. Node counts a connection as idle while one write is under way, however many of its bytes move, when it is one with TLS: of a body in pieces
 * each one that is taken counts. Undefined for a body of one piece.
 */
export function inPieces(body: unknown): Readable | undefined {
  if (!(body instanceof Uint8Array) || body.length <= pieceSize) return undefined;
  return Readable.from(pieces(body), { highWaterMark: 1 });
}

function* pieces(body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += pieceSize) yield body.subarray(at, at + pieceSize);
}
