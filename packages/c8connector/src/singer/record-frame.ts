import { startsWith } from '../jsonl/byte-buffer.ts';

/** Everything in a RECORD line around its record. A line with the same frame has the same meaning. */
export interface RecordFrame {
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
  /** Where the value of time_extracted is in the suffix; 0 and 0 when it is not there. It may differ, since a batch has only one time. */
  readonly timeStart: number;
  readonly timeEnd: number;
}

/** The frame of the line from `start` to before `end`, with the offsets of its record and of its time; -1 when it has no time. */
export function recordFrame(
  bytes: Uint8Array,
  at: { start: number; end: number; record: number; recordEnd: number; time: number; timeEnd: number },
): RecordFrame {
  const isAfter = at.time > at.recordEnd;
  return {
    prefix: Uint8Array.from(bytes.subarray(at.start, at.record)),
    suffix: Uint8Array.from(bytes.subarray(at.recordEnd, at.end)),
    timeStart: isAfter ? at.time - at.recordEnd : 0,
    timeEnd: isAfter ? at.timeEnd - at.recordEnd : 0,
  };
}

/** Whether the bytes after a record are the frame's suffix, except for the digits of its time. */
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
