import { Batch, type BatchHeader } from '../jsonl/batch.ts';
import { append, appendByte, type ByteBuffer, byteBuffer, written } from '../jsonl/byte-buffer.ts';
import { repairSurrogates } from '../jsonl/surrogates.ts';
import { writeRecord } from '../jsonl/write-record.ts';
import type { KnownStream } from './known-stream.ts';

/** A batch that is being filled with the bytes of records. */
export interface OpenBatch {
  readonly header: BatchHeader;
  readonly out: ByteBuffer;
  /** Milliseconds of the clock. */
  readonly openedAt: number;
  count: number;
}

/** Initial size: streams may alternate row by row, so that a batch has only one row. */
const firstBytes = 1 << 10;

export function openBatch(header: BatchHeader): OpenBatch {
  return { header, out: byteBuffer(firstBytes), openedAt: Date.now(), count: 0 };
}

/** Adds the record that the reader of the stream read last from `start` to before `end`. */
export function addRecord(batch: OpenBatch, stream: KnownStream, bytes: Uint8Array, start: number, end: number): void {
  const { reader, writers } = stream;
  if (reader.isClean && writers === undefined) append(batch.out, bytes, start, end);
  else addRewritten(batch.out, stream, bytes, start, end);
  appendByte(batch.out, 0x0a);
  batch.count++;
}

/** When a record cannot be written, nothing of it remains in the batch. */
function addRewritten(
  out: ByteBuffer,
  { reader, writers }: KnownStream,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const before = out.length;
  try {
    writeRecord(out, reader, writers, bytes, start, end);
  } catch (error) {
    out.length = before;
    throw error;
  }
}

export function closeBatch(batch: OpenBatch): Batch {
  const lines = written(batch.out);
  repairSurrogates(lines);
  return Batch.ofLines(batch.header, lines, batch.count);
}
