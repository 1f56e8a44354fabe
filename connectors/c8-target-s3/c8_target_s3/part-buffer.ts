/** Up to this size the buffer grows in steps. A larger object gets memory for a whole part at once: unused memory costs nothing, and each step of growth leaves garbage. */
const small = 1024 * 1024;

/** Collects bytes up to the size of a part. For a small object it stays small. */
export class PartBuffer {
  readonly #size: number;
  #bytes = Buffer.allocUnsafe(0);
  #length = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get isFull(): boolean {
    return this.#length === this.#size;
  }

  /** Copies as many bytes as there is room for, and returns their number. */
  fill(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.#size - this.#length);
    this.#reserve(this.#length + count);
    this.#bytes.set(bytes.subarray(0, count), this.#length);
    this.#length += count;
    return count;
  }

  /** The collected bytes, as a view that is valid until the next `clear`. */
  content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(
      Math.min(this.#size, length > small ? this.#size : Math.max(length, this.#bytes.length * 2)),
    );
    larger.set(this.content());
    this.#bytes = larger;
  }
}
