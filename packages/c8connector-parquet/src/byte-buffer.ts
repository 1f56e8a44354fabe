/** A growing byte array, of which `length` bytes are written. Set `length` to 0 to reuse it. */
export interface ByteBuffer {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
}

export function newByteBuffer(capacity = 1024): ByteBuffer {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

/** Makes room for `count` more bytes and returns the array that has it. */
export function reserve(buffer: ByteBuffer, count: number): Uint8Array<ArrayBuffer> {
  const needed = buffer.length + count;
  if (needed > buffer.bytes.length) buffer.bytes = grownBytes(buffer.bytes, needed);
  return buffer.bytes;
}

export function writeByte(buffer: ByteBuffer, byte: number): void {
  reserve(buffer, 1)[buffer.length++] = byte;
}

export function writeBytes(buffer: ByteBuffer, bytes: Uint8Array): void {
  reserve(buffer, bytes.length).set(bytes, buffer.length);
  buffer.length += bytes.length;
}

export function writeUint32(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 4);
  putUint32(buffer.bytes, buffer.length, value);
  buffer.length += 4;
}

export function putUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}

/** Writes seven bits per byte, the lowest first. `value` is not negative and at most 2^53. */
export function writeVarint(buffer: ByteBuffer, value: number): void {
  let rest = value;
  while (rest >= 128) {
    writeByte(buffer, (rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  writeByte(buffer, rest);
}

/** The same bytes with room for `needed`, and at least twice the current size. */
export function grownBytes(bytes: Uint8Array<ArrayBuffer>, needed: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.max(needed, bytes.length * 2));
  grown.set(bytes);
  return grown;
}

/** {@link grownBytes} for words. */
export function grownWords(words: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.max(needed, words.length * 2));
  grown.set(words);
  return grown;
}
