/** A message of the server: its letter, and what comes after its length. */
export interface Frame {
  readonly letter: string;
  readonly body: Buffer;
}

/** Cuts the bytes of a connection into messages. A message that comes in many pieces is joined once. */
export interface Frames {
  /** Takes the next bytes. Those of the frames stay valid. */
  take(chunk: Buffer): void;
  /** The next whole message, undefined when there is none yet. */
  next(): Frame | undefined;
}

const headerSize = 5;

/** Throws what `refuse` gives for a length that cannot be one. */
export function frames(largest: number, refuse: (problem: string) => Error): Frames {
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  let pieces: Buffer[] = [];
  let missing = 0;

  function join(): void {
    bytes = Buffer.concat([bytes.subarray(at), ...pieces]);
    at = 0;
    pieces = [];
    missing = 0;
  }

  return {
    take(chunk) {
      if (at === bytes.length && pieces.length === 0) {
        bytes = chunk;
        at = 0;
        missing = 0;
        return;
      }
      pieces.push(chunk);
      missing -= chunk.length;
      if (missing <= 0) join();
    },
    next() {
      if (pieces.length > 0 || bytes.length - at < headerSize) return undefined;
      const size = bytes.readUInt32BE(at + 1);
      if (size < 4 || size > largest) throw refuse(`a message has the length ${size}`);
      const end = at + 1 + size;
      if (end > bytes.length) {
        missing = end - bytes.length;
        return undefined;
      }
      const letter = String.fromCharCode(bytes[at] as number);
      const body = bytes.subarray(at + headerSize, end);
      at = end;
      return { letter, body };
    },
  };
}
