import { startsWith } from '../jsonl/byte-buffer.ts';

/** Everything of a RECORD line around its record: a line with the same bytes around means the same. */
export interface RecordFrame {
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
  /** Where the value of time_extracted is in the suffix, 0 to 0 when it does not. It may differ: a batch has one time. */
  readonly timeStart: number;
  readonly timeEnd: number;
}

/** The frame of the line from `start` to before `end`, whose record and time stand where the others say; -1 is not a time. */
export function recordFrame(
  bytes: Uint8Array,
  at: { start: number; end: number; record: number; recordEnd: number; time: number; timeEnd: number },
): RecordFrame {
  const isBehind = at.time > at.recordEnd;
  return {
    prefix: Uint8Array.from(bytes.subarray(at.start, at.record)),
    suffix: Uint8Array.from(bytes.subarray(at.recordEnd, at.end)),
    timeStart: isBehind ? at.time - at.recordEnd : 0,
    timeEnd: isBehind ? at.timeEnd - at.recordEnd : 0,
  };
}

/** Whether what comes after a record is the frame's suffix, but for the digits of its time. */
export function fitsSuffix(frame: RecordFrame, bytes: Uint8Array, recordEnd: number, end: number): boolean {
  const { suffix, timeStart, timeEnd } = frame;
  if (end - recordEnd !== suffix.length) return false;
  if (startsWith(bytes, recordEnd, end, suffix)) return true;
  for (let index = 0; index < suffix.length; index++) {
    const byte = bytes[recordEnd + index] as number;
    if (byte === suffix[index]) continue;
    if (index < timeStart || index >= timeEnd || !isDigit(byte) || !isDigit(suffix[index] as number)) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
