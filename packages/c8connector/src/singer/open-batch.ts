import { Batch, type BatchHeader } from '../jsonl/batch.ts';
import { append, appendByte, type ByteBuffer, written } from '../jsonl/byte-buffer.ts';
import { keepMemory, type PageMemory, releaseOf, takeMemory } from '../jsonl/page-memory.ts';
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

/** Opens a batch, which is written to an array of the memory if there is one. */
export function openBatch(header: BatchHeader, memory: PageMemory): OpenBatch {
  const out = { bytes: takeMemory(memory, firstBytes), length: 0 };
  return { header, out, openedAt: Date.now(), count: 0 };
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

/** The batch, whose `release` returns its lines to the memory. Few rows are copied, since they may be held for long. */
export function closeBatch({ header, out, count }: OpenBatch, memory: PageMemory): Batch {
  const lines = written(out);
  repairSurrogates(lines);
  const isCopy = lines.buffer !== out.bytes.buffer;
  if (isCopy) keepMemory(memory, out.bytes);
  return Batch.ofLines({ ...header, ...(!isCopy && { release: releaseOf(memory, out.bytes) }) }, lines, count);
}
