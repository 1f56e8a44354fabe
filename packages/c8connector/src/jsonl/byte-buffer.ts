/** A byte buffer that grows as bytes are appended. */
export interface ByteBuffer {
  bytes: Uint8Array;
  length: number;
}

export function byteBuffer(capacity: number): ByteBuffer {
  return { bytes: Buffer.allocUnsafeSlow(capacity), length: 0 };
}

/** Makes room for this many bytes more. */
export function reserve(buffer: ByteBuffer, count: number): void {
  const needed = buffer.length + count;
  if (needed <= buffer.bytes.length) return;
  // more bytes follow a long value, which must not be copied again for them
  const grown = Buffer.allocUnsafeSlow(Math.max(needed + (needed >> 3), buffer.bytes.length * 2));
  grown.set(buffer.bytes.subarray(0, buffer.length));
  buffer.bytes = grown;
}

export function appendByte(buffer: ByteBuffer, byte: number): void {
  reserve(buffer, 1);
  buffer.bytes[buffer.length++] = byte;
}

/** Appends the bytes from `start` to before `end`. */
export function append(buffer: ByteBuffer, source: Uint8Array, start: number, end: number): void {
  const count = end - start;
  reserve(buffer, count);
  const { bytes, length } = buffer;
  // a view costs more than copying a few bytes by hand
  if (count < 80) for (let index = 0; index < count; index++) bytes[length + index] = source[start + index] as number;
  else bytes.set(source.subarray(start, end), length);
  buffer.length = length + count;
}

/** Appends all of the bytes. */
export function appendAll(buffer: ByteBuffer, source: Uint8Array): void {
  reserve(buffer, source.length);
  buffer.bytes.set(source, buffer.length);
  buffer.length += source.length;
}

/** The bytes that were written, copied only if much of the allocated memory would be wasted otherwise. The buffer must not be used afterwards. */
export function written(buffer: ByteBuffer): Uint8Array {
  const used = buffer.bytes.subarray(0, buffer.length);
  return buffer.length * 2 < buffer.bytes.length ? used.slice() : used;
}

/** Whether `bytes` from `start` to before `end` begin with `prefix`. */
export function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  const count = prefix.length;
  if (start + count > end) return false;
  for (let index = 0; index < count; index++) if (bytes[start + index] !== prefix[index]) return false;
  return true;
}

/** Text of a part of UTF-8 bytes. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return asBuffer(bytes).toString('utf8', start, end);
}

/** The same memory with the faster methods of a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
