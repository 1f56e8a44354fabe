import { grown } from './scratch.ts';

const copyData = 0x64;
const headerSize = 5;

/** Messages that may stand among the rows: CopyOutResponse, NoticeResponse, ParameterStatus, NotificationResponse. */
const skipped: ReadonlySet<number> = new Set([0x48, 0x4e, 0x53, 0x41]);

/** A row of COPY text with its line break, in `bytes` from `start` to `end`; valid during the call only. */
export type OnRow = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Finds the rows in what the server sends during COPY TO STDOUT: one CopyData message for each. The function takes the next bytes of the
 * connection and gives -1, or, once the copy has ended or failed, the place of the first byte that is not its.
 */
export function copyFrames(onRow: OnRow): (chunk: Uint8Array) => number {
  let carry: Uint8Array = new Uint8Array(1024);
  let carried = 0;

  function carryOn(chunk: Uint8Array, from: number, to: number): void {
    const size = carried + to - from;
    if (carry.length < size) {
      const larger = grown(carry, Math.max(size, carried >= headerSize ? frameSize(carry, 0) : 0));
      larger.set(carry.subarray(0, carried));
      carry = larger;
    }
    carry.set(chunk.subarray(from, to), carried);
    carried = size;
  }

  /** Completes the message that began in the chunks before; gives the place behind it, -1 when it goes on. */
  function finishCarried(chunk: Uint8Array): number {
    let from = 0;
    if (carried < headerSize) {
      from = Math.min(headerSize - carried, chunk.length);
      carryOn(chunk, 0, from);
      if (carried < headerSize) return -1;
    }
    const size = frameSize(carry, 0);
    const to = Math.min(from + size - carried, chunk.length);
    carryOn(chunk, from, to);
    if (carried < size) return -1;
    if (carry[0] === copyData) onRow(carry, headerSize, size);
    carried = 0;
    return to;
  }

  return (chunk) => {
    let at = 0;
    if (carried > 0) {
      at = finishCarried(chunk);
      if (at < 0) return -1;
    }
    while (at < chunk.length) {
      const code = chunk[at] ?? 0;
      if (code !== copyData && !skipped.has(code)) return at;
      const end = at + headerSize <= chunk.length ? at + frameSize(chunk, at) : Number.POSITIVE_INFINITY;
      if (end > chunk.length) {
        carryOn(chunk, at, chunk.length);
        return -1;
      }
      if (code === copyData) onRow(chunk, at + headerSize, end);
      at = end;
    }
    return -1;
  };
}

/** With the byte of the code, which the length does not count. */
function frameSize(bytes: Uint8Array, at: number): number {
  const length =
    ((bytes[at + 1] ?? 0) << 24) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
  return 1 + length;
}
