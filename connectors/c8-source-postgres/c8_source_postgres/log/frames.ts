/** A message of the server: the byte of its letter, and the body after its length. */
export interface Frame {
  readonly letter: number;
  readonly body: Buffer;
}

/** Cuts the bytes of a connection into messages. A message that comes in many pieces is joined once. */
export interface Frames {
  /** Takes the next bytes, and keeps them until it releases them. */
  take(chunk: Buffer): void;
  /** The next whole message; undefined if it has not arrived yet. Its body is valid until the next call of `take`. */
  next(): Frame | undefined;
}

const headerSize = 5;

/** Throws the error that `refuse` returns when a message has an invalid length. `release` is called with chunks that are no longer needed. */
export function frames(
  largest: number,
  refuse: (problem: string) => Error,
  release: (chunk: Buffer) => void = () => undefined,
): Frames {
  let bytes: Buffer = Buffer.alloc(0);
  let isChunk = false;
  let at = 0;
  let pieces: Buffer[] = [];
  let missing = 0;

  function join(): void {
    const joined = Buffer.concat([bytes.subarray(at), ...pieces]);
    for (const piece of pieces) release(piece);
    begin(joined, false);
    pieces = [];
    missing = 0;
  }

  function begin(next: Buffer, isReceived: boolean): void {
    if (isChunk) release(bytes);
    bytes = next;
    isChunk = isReceived;
    at = 0;
  }

  return {
    take(chunk) {
      if (at === bytes.length && pieces.length === 0) {
        begin(chunk, true);
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
      const letter = bytes[at] as number;
      const body = bytes.subarray(at + headerSize, end);
      at = end;
      return { letter, body };
    },
  };
}
