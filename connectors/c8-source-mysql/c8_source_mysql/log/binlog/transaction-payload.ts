import { Decompress } from 'fzstd';
import type { RawEvent } from './event-header.ts';
import { headerSize } from './event-header.ts';
import { contentOf } from './file-events.ts';

/** The numbers of the fields, and the algorithms. */
const endField = 0;
const algorithmField = 2;
const sizeField = 3;
const zstd = 0;
const none = 255;

/** Bytes that are decompressed at a time, so that a large transaction needs little memory. */
const pieceSize = 4096;
/** The largest window that the server's highest level of compression has, as its base-2 logarithm. */
const largestWindow = 27;
const sizeAt = 9;

/**
 * The bytes of the events in a compressed transaction (`binlog_transaction_compression`), one after another, each without a checksum. Throws a RangeError when they cannot be decompressed.
 */
export function* readPayload(raw: RawEvent): Generator<Uint8Array> {
  const content = contentOf(raw);
  let algorithm = none;
  let size: number | undefined;
  for (let field = content.packed(); field !== endField; field = content.packed()) {
    const length = content.packed();
    const next = content.at + length;
    if (field === algorithmField) algorithm = content.packed();
    else if (field === sizeField) size = content.packed();
    content.skip(next - content.at);
  }
  const payload = content.take(content.rest);
  if (algorithm === none) yield* eventsOf([payload], payload.length);
  else if (algorithm === zstd) yield* eventsOf(decompressed(payload), size);
  else throw new RangeError(`the algorithm ${algorithm} of a compressed transaction is unknown`);
}

/** Cuts pieces of bytes into events. */
function* eventsOf(pieces: Iterable<Uint8Array>, size: number | undefined): Generator<Uint8Array> {
  let total = 0;
  let waiting: Uint8Array[] = [];
  let waitingSize = 0;
  let needed = headerSize;
  for (const piece of pieces) {
    total += piece.length;
    if (size !== undefined && total > size) break;
    waiting.push(piece);
    waitingSize += piece.length;
    if (waitingSize < needed) continue;
    const bytes = waiting.length === 1 ? piece : Buffer.concat(waiting);
    let at = 0;
    for (;;) {
      const rest = bytes.length - at;
      needed = rest < headerSize ? headerSize : eventSize(bytes, at);
      if (rest < needed) break;
      yield bytes.subarray(at, at + needed);
      at += needed;
    }
    waiting = [bytes.subarray(at)];
    waitingSize = bytes.length - at;
  }
  if (size !== undefined && total !== size)
    throw new RangeError(`a transaction does not have the ${size} bytes that it declares`);
  if (waitingSize > 0) throw new RangeError('a compressed transaction ends inside of an event');
}

function eventSize(bytes: Uint8Array, at: number): number {
  const size = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(sizeAt, true);
  if (size < headerSize) throw new RangeError(`an event has the length ${size}`);
  return size;
}

function* decompressed(payload: Uint8Array): Generator<Uint8Array> {
  refuseLargeWindow(payload);
  let pieces: Uint8Array[] = [];
  const stream = new Decompress((piece) => {
    pieces.push(piece);
  });
  for (let at = 0; at < payload.length; at += pieceSize) {
    try {
      stream.push(payload.subarray(at, at + pieceSize), at + pieceSize >= payload.length);
    } catch (error) {
      throw new RangeError(`a transaction cannot be decompressed (${(error as Error).message})`);
    }
    yield* pieces;
    pieces = [];
  }
}

/** A damaged frame could ask for 2 GB. */
function refuseLargeWindow(frame: Uint8Array): void {
  const isWhole = ((frame[4] as number) & 0x20) !== 0;
  if (!isWhole && 10 + ((frame[5] as number) >> 3) > largestWindow)
    throw new RangeError('a compressed transaction needs too much memory');
}
