/** Cuts chunks of bytes into blocks of whole lines. */
export interface LineSplitter {
  /** The lines that are complete now, in blocks that end with a newline. The blocks may be views of `chunk`. */
  push(chunk: Uint8Array): readonly Uint8Array[];
  /** The last line when it had no newline; empty when it had one. */
  end(): Uint8Array;
  /** How many bytes of an incomplete line have been read. */
  readonly pendingBytes: number;
}

/** The parts of a line are joined once it is complete. Those of a longer line are joined as they come, so that its bytes are never in memory twice. */
const longLine = 8 << 20;
/** Allocated for such a line: the system provides memory only when it is written to, so the unused rest costs nothing. */
const longLineRoom = 72 << 20;

/** A line whose end has not come yet. */
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
  // a copy: the caller may reuse its chunk
  else pieces.push(new Uint8Array(piece));
}

/** Adds a piece to a long line, of which this many bytes have been read. */
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
