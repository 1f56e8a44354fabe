/** Cuts chunks of bytes into blocks of whole lines. */
export interface LineSplitter {
  /** The whole lines that are there now, each block ended by a newline. The blocks may be views of `chunk`. */
  push(chunk: Uint8Array): readonly Uint8Array[];
  /** The last line when it had no newline; empty when it had one. */
  end(): Uint8Array;
  /** Bytes of the line that is not complete yet. */
  readonly pendingBytes: number;
}

/** Parts of a line are put together in one piece when it is known how long it is; those of a longer line before, so that its bytes are never there twice. */
const longLine = 8 << 20;
/** The system gives memory when it is written to: what a line leaves free costs nothing. */
const longLineRoom = 72 << 20;

/** A line of which the end did not come yet. */
interface Pending {
  pieces: Uint8Array[];
  bytes: number;
  /** The only piece of a long line; its bytes are the first ones. */
  long: Uint8Array | undefined;
}

export function lineSplitter(): LineSplitter {
  const pending: Pending = { pieces: [], bytes: 0, long: undefined };
  return {
    get pendingBytes() {
      return pending.bytes;
    },
    push(chunk) {
      const last = chunk.lastIndexOf(0x0a) + 1;
      if (last === 0) {
        keep(pending, chunk);
        return [];
      }
      const first = pending.bytes === 0 ? 0 : chunk.indexOf(0x0a) + 1;
      const blocks: Uint8Array[] = [];
      if (first > 0) blocks.push(take(pending, chunk.subarray(0, first)));
      if (last > first) blocks.push(chunk.subarray(first, last));
      keep(pending, chunk.subarray(last));
      return blocks;
    },
    end: () => take(pending, new Uint8Array()),
  };
}

function keep(pending: Pending, piece: Uint8Array): void {
  const { pieces, bytes } = pending;
  if (piece.length === 0) return;
  pending.bytes += piece.length;
  if (pending.bytes > longLine) put(pending, piece, bytes);
  // a copy: whoever reads may use its chunk again
  else pieces.push(new Uint8Array(piece));
}

/** Adds a piece to those of a long line, of which this many bytes are there. */
function put(pending: Pending, piece: Uint8Array, bytes: number): void {
  const { pieces, long } = pending;
  const needed = bytes + piece.length;
  if (long === undefined || needed > long.length) {
    const room = Buffer.allocUnsafeSlow(Math.max(longLineRoom, 2 * needed));
    let at = 0;
    for (const part of long === undefined ? pieces : [long.subarray(0, bytes)]) {
      room.set(part, at);
      at += part.length;
    }
    pending.long = room;
    pending.pieces = [];
  }
  pending.long?.set(piece, bytes);
}

function take(pending: Pending, piece: Uint8Array): Uint8Array {
  const { pieces, bytes } = pending;
  if (pending.long !== undefined) put(pending, piece, bytes);
  const line = pending.long?.subarray(0, bytes + piece.length);
  Object.assign(pending, { pieces: [], bytes: 0, long: undefined });
  return line ?? (pieces.length === 0 ? piece : Buffer.concat([...pieces, piece]));
}
