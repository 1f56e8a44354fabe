/** Cuts chunks of bytes into blocks of whole lines. */
export interface LineSplitter {
  /** The whole lines that are there now, each block ended by a newline. The blocks may be views of `chunk`. */
  push(chunk: Uint8Array): readonly Uint8Array[];
  /** The last line when it had no newline; empty when it had one. */
  end(): Uint8Array;
  /** Bytes of the line that is not complete yet. */
  readonly pendingBytes: number;
}

export function lineSplitter(): LineSplitter {
  let pieces: Uint8Array[] = [];
  let pendingBytes = 0;

  function keep(piece: Uint8Array): void {
    if (piece.length === 0) return;
    // a copy: whoever reads may use its chunk again
    pieces.push(Uint8Array.from(piece));
    pendingBytes += piece.length;
  }

  function take(piece: Uint8Array): Uint8Array {
    const line = pieces.length === 0 ? piece : Buffer.concat([...pieces, piece]);
    pieces = [];
    pendingBytes = 0;
    return line;
  }

  return {
    get pendingBytes() {
      return pendingBytes;
    },
    push(chunk) {
      const last = chunk.lastIndexOf(0x0a) + 1;
      if (last === 0) {
        keep(chunk);
        return [];
      }
      const first = pendingBytes === 0 ? 0 : chunk.indexOf(0x0a) + 1;
      const blocks: Uint8Array[] = [];
      if (first > 0) blocks.push(take(chunk.subarray(0, first)));
      if (last > first) blocks.push(chunk.subarray(first, last));
      keep(chunk.subarray(last));
      return blocks;
    },
    end: () => take(new Uint8Array()),
  };
}
