const decoder = new TextDecoder();

/** The bytes of an event, read one part after another. Whatever is beyond the end throws a RangeError. */
export class EventBytes {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
    this.end = end;
  }

  /** How many bytes are left. */
  get rest(): number {
    return this.end - this.at;
  }

  /** Skips this many bytes, and returns where they begin. */
  skip(size: number): number {
    const start = this.at;
    if (size < 0 || size > this.end - start)
      throw new RangeError(`${size} bytes are expected where ${this.end - start} are left`);
    this.at = start + size;
    return start;
  }

  u8(): number {
    return this.bytes[this.skip(1)] as number;
  }

  u16(): number {
    return this.#view.getUint16(this.skip(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  u48(): number {
    const start = this.skip(6);
    return this.#view.getUint32(start, true) + this.#view.getUint16(start + 4, true) * 2 ** 32;
  }

  u56(): bigint {
    const start = this.skip(7);
    return BigInt(this.#view.getUint32(start, true)) | (BigInt(this.#view.getUint32(start + 3, true) >>> 8) << 32n);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.skip(8), true);
  }

  /** A position or a size of 64 bits. */
  size64(): number {
    const size = Number(this.u64());
    if (!Number.isSafeInteger(size)) throw new RangeError(`${size} is not a position`);
    return size;
  }

  /** A number whose first byte says how many bytes it has. */
  packed(): number {
    const first = this.u8();
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.u16();
    if (first === 0xfd) return this.u16() + this.u8() * 65536;
    if (first === 0xfe) return this.size64();
    throw new RangeError(`${first} is not the first byte of a length`);
  }

  /** A number of as many bytes as its first one has ones at its end, and one more; those ones and a zero are not part of it. */
  variable(): bigint {
    const first = this.bytes[this.at] ?? 0;
    const ones = 31 - Math.clz32(~first & (first + 1));
    const size = ones + 1;
    const start = this.skip(size);
    let value = 0n;
    for (let index = size - 1; index >= 0; index--) value = (value << 8n) | BigInt(this.bytes[start + index] as number);
    return value >> BigInt(Math.min(size, 8));
  }

  /** The next bytes, not copied. */
  take(size: number): Uint8Array {
    const start = this.skip(size);
    return this.bytes.subarray(start, start + size);
  }

  /** A text in UTF-8. */
  text(size: number): string {
    return decoder.decode(this.take(size));
  }
}
