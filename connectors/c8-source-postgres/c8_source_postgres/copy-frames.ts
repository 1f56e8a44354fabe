import { grown } from './scratch.ts';

const copyData = 0x64;
const headerSize = 5;

/** Messages that may stand among the rows: CopyOutResponse, NoticeResponse, ParameterStatus, NotificationResponse. */
const skipped: ReadonlySet<number> = new Set([0x48, 0x4e, 0x53, 0x41]);

/** A row of COPY text with its line break, in `bytes` from `start` to `end`; valid during the call only. */
export type OnRow = (bytes: Uint8Array, start: number, end: number) => void;

/** A message of which the chunks so far hold the beginning. */
interface Carry {
  bytes: Uint8Array;
  length: number;
}

/**
 * Finds the rows in what the server sends during COPY TO STDOUT: one CopyData message for each. The function takes the next bytes of the
 * connection and gives -1, or, once the copy has ended or failed, the place of the first byte that does not belong to it.
 */
export function copyFrames(onRow: OnRow): (chunk: Uint8Array) => number {
  const carry: Carry = { bytes: new Uint8Array(1024), length: 0 };
  return (chunk) => {
    let at = carry.length === 0 ? 0 : finishCarried(carry, chunk, onRow);
    if (at < 0) return -1;
    while (at < chunk.length) {
      const code = chunk[at] ?? 0;
      if (code !== copyData && !skipped.has(code)) return at;
      const end = at + headerSize <= chunk.length ? at + frameSize(chunk, at) : Number.POSITIVE_INFINITY;
      if (end > chunk.length) {
        carryOn(carry, chunk, at, chunk.length);
        return -1;
      }
      if (code === copyData) onRow(chunk, at + headerSize, end);
      at = end;
    }
    return -1;
  };
}

/** Completes the message that began in the chunks before; gives the place behind it, -1 when it goes on. */
function finishCarried(carry: Carry, chunk: Uint8Array, onRow: OnRow): number {
  let from = 0;
  if (carry.length < headerSize) {
    from = Math.min(headerSize - carry.length, chunk.length);
    carryOn(carry, chunk, 0, from);
    if (carry.length < headerSize) return -1;
  }
  const size = frameSize(carry.bytes, 0);
  const to = Math.min(from + size - carry.length, chunk.length);
  carryOn(carry, chunk, from, to);
  if (carry.length < size) return -1;
  if (carry.bytes[0] === copyData) onRow(carry.bytes, headerSize, size);
  carry.length = 0;
  return to;
}

function carryOn(carry: Carry, chunk: Uint8Array, from: number, to: number): void {
  const length = carry.length + to - from;
  if (carry.bytes.length < length) {
    // The whole message, so that it is not copied anew for each chunk.
    const larger = grown(carry.bytes, Math.max(length, carry.length >= headerSize ? frameSize(carry.bytes, 0) : 0));
    larger.set(carry.bytes.subarray(0, carry.length));
    carry.bytes = larger;
  }
  carry.bytes.set(chunk.subarray(from, to), carry.length);
  carry.length = length;
}

/** With the byte of the code, which the length does not count. */
function frameSize(bytes: Uint8Array, at: number): number {
  const length =
    ((bytes[at + 1] ?? 0) << 24) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
  return 1 + length;
}
