import { grown, invalidAnswer, largestRow } from 'c8connector-sql';
import { type LargeRow, largeRow } from './large-row.ts';

const copyData = 0x64;
const copyOutResponse = 0x48;
const headerSize = 5;
/** Bytes of memory that are kept for the next message that comes in pieces. */
const keptBytes = 4 * 1024 * 1024;

/** Messages that may come between the rows: NoticeResponse, ParameterStatus, NotificationResponse. */
const skipped: ReadonlySet<number> = new Set([0x4e, 0x53, 0x41]);
/** The largest allocation of PostgreSQL: no row is longer. */
const largestMessage = 1024 ** 3;
/** Maximum size in bytes of a message that is not a row. */
const skippedBytes = 1024 * 1024;
/** The most bytes of such messages between two rows: functions of a view may send notices, but not without limit. */
const skippedBetweenRows = 64 * 1024 * 1024;

/** A row of COPY text with its line break, in `bytes` from `start` to `end`; valid during the call only. */
export type OnRow = (bytes: Uint8Array, start: number, end: number) => void;

/** What is copied, for checks and error messages. */
export interface CopySubject {
  readonly stream: string;
  readonly columns: readonly string[];
}

/** Finds the rows in the bytes of COPY TO STDOUT: one CopyData message each. */
export interface CopyFrames {
  /**
   * Takes the next bytes of the connection and returns -1, or, once the copy has ended or failed, the position of the first byte that does not belong to it.
   *
   * @throws {ConnectionError} `server_answer_invalid` for impossible lengths, numbers of columns, and orders of messages.
   * @throws {DataError} `value_refused` for a row that is larger than `largestRow`.
   */
  take(chunk: Uint8Array): number;
  /**
   * Compares the command tag, such as `COPY 5`, with the rows that came.
   *
   * @throws {ConnectionError} `server_answer_invalid` when the number of rows differs, or the copy never began.
   */
  end(tag: string): void;
}

/** A message whose beginning is in earlier chunks. */
interface Carry {
  bytes: Uint8Array;
  length: number;
}

/** Frames of a COPY that has not begun. */
export function copyFrames(subject: CopySubject, onRow: OnRow): CopyFrames {
  const carry: Carry = { bytes: new Uint8Array(1024), length: 0 };
  let rows = 0;
  let hasBegun = false;
  let skippedSinceRow = 0;
  let large: LargeRow | undefined;

  function refuse(found: string): never {
    throw invalidAnswer(found, { stream: subject.stream });
  }

  /** Bytes of the message whose header is at `at`, including its letter. */
  function sizeAt(bytes: Uint8Array, at: number): number {
    const letter = bytes[at] as number;
    const length = lengthAt(bytes, at + 1);
    const limit = letter === copyData ? largestMessage : skippedBytes;
    if (length < 4 || length > limit) refuse(`a message ${String.fromCharCode(letter)} has the length ${length}`);
    return 1 + length;
  }

  function onMessage(bytes: Uint8Array, at: number, end: number): void {
    const letter = bytes[at];
    if (letter === copyData && hasBegun) {
      skippedSinceRow = 0;
      rows += 1;
      onRow(bytes, at + headerSize, end);
    } else if (letter === copyData) refuse('a row before the start of the copy');
    else if (letter === copyOutResponse) begin(bytes, at + headerSize, end);
    else {
      skippedSinceRow += end - at;
      if (skippedSinceRow > skippedBetweenRows) refuse(`${skippedBetweenRows >> 20} MB of notices without a row`);
    }
  }

  /** A format, which is 0 for text, and the number of columns with the format of each. */
  function begin(bytes: Uint8Array, at: number, end: number): void {
    if (hasBegun) refuse('the copy begins twice');
    const count = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const expected = subject.columns.length;
    if (end - at !== 3 + 2 * count || bytes[at] !== 0) refuse('the copy is not in text format');
    if (count !== expected) refuse(`the copy has ${count} columns instead of ${expected}`);
    hasBegun = true;
  }

  /** Completes the message that began in earlier chunks; returns the position after it, -1 when it is still incomplete. */
  function finishCarried(chunk: Uint8Array): number {
    let from = 0;
    if (carry.length < headerSize) {
      from = Math.min(headerSize - carry.length, chunk.length);
      carryOn(carry, chunk, 0, from, headerSize);
      if (carry.length < headerSize) return -1;
    }
    const size = sizeAt(carry.bytes, 0);
    if (isTooLarge(size)) return passOver(size, chunk.subarray(from));
    const to = Math.min(from + size - carry.length, chunk.length);
    carryOn(carry, chunk, from, to, size);
    if (carry.length < size) return -1;
    onMessage(carry.bytes, 0, size);
    carry.length = 0;
    // The memory of a large row is not kept.
    if (carry.bytes.length > keptBytes) carry.bytes = new Uint8Array(1024);
    return to;
  }

  /** Takes the complete rows from `at` on, the fast path; returns the position after them. */
  function takeRows(chunk: Uint8Array, start: number): number {
    if (!hasBegun) return start;
    let at = start;
    let count = 0;
    while (at + headerSize <= chunk.length && chunk[at] === copyData) {
      const length = lengthAt(chunk, at + 1);
      const end = at + 1 + length;
      if (length < 4 || end > chunk.length) break;
      onRow(chunk, at + headerSize, end);
      count += 1;
      at = end;
    }
    rows += count;
    if (count > 0) skippedSinceRow = 0;
    return at;
  }

  /** Reads the rest of a row that is too large, until the error that names its column. */
  function passOver(size: number, bytes: Uint8Array): number {
    large ??= largeRow(size - headerSize, subject);
    large.take(bytes);
    return -1;
  }

  return {
    end(tag) {
      if (!hasBegun || tag !== `COPY ${rows}`)
        refuse(`${rows} rows came, but the server counted ${JSON.stringify(tag)}`);
    },
    take(chunk) {
      large?.take(chunk);
      if (large !== undefined) return -1;
      let at = carry.length === 0 ? 0 : finishCarried(chunk);
      if (at < 0) return -1;
      while (at < chunk.length) {
        at = takeRows(chunk, at);
        if (at === chunk.length) break;
        const letter = chunk[at] as number;
        if (letter !== copyData && letter !== copyOutResponse && !skipped.has(letter)) return at;
        const isHeader = at + headerSize <= chunk.length;
        const end = isHeader ? at + sizeAt(chunk, at) : Number.POSITIVE_INFINITY;
        if (end > chunk.length && isHeader && isTooLarge(end - at))
          return passOver(end - at, chunk.subarray(at + headerSize));
        if (end > chunk.length) {
          carryOn(carry, chunk, at, chunk.length, isHeader ? end - at : headerSize);
          return -1;
        }
        onMessage(chunk, at, end);
        at = end;
      }
      return -1;
    },
  };
}

function isTooLarge(size: number): boolean {
  return size - headerSize > largestRow;
}

/** Appends a part of a message of `size` bytes, whose memory is allocated once so that it is not copied for each chunk. */
function carryOn(carry: Carry, chunk: Uint8Array, from: number, to: number, size: number): void {
  if (carry.bytes.length < size) {
    const larger = grown(carry.bytes, size);
    larger.set(carry.bytes.subarray(0, carry.length));
    carry.bytes = larger;
  }
  carry.bytes.set(chunk.subarray(from, to), carry.length);
  carry.length += to - from;
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
