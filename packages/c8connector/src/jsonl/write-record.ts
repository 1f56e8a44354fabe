import { append, appendByte, type ByteBuffer } from './byte-buffer.ts';
import type { ExactValueWriter } from './exact-value.ts';
import type { RecordReader } from './record-reader.ts';

type Writers = readonly (ExactValueWriter | undefined)[];

/**
 * Writes the record that `reader` read last, from `start` to before `end`, in the form of a batch's lines: in the order of the schema, without keys that the schema lacks, and with the
 * values of exact columns converted by their writers.
 */
export function writeRecord(
  out: ByteBuffer,
  reader: RecordReader,
  writers: Writers | undefined,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  if (reader.isClean) writeInPlace(out, reader, writers ?? [], bytes, start, end);
  else writeInOrder(out, reader, writers ?? [], bytes);
}

function writeInPlace(
  out: ByteBuffer,
  reader: RecordReader,
  writers: Writers,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let copied = start;
  for (let member = 0; writers.length > 0 && member < reader.members; member++) {
    const index = reader.order[member] ?? -1;
    const write = writers[index];
    const valueStart = reader.starts[index] ?? -1;
    if (write === undefined || valueStart < 0) continue;
    append(out, bytes, copied, valueStart);
    copied = reader.ends[index] ?? valueStart;
    write(out, bytes, valueStart, copied);
  }
  append(out, bytes, copied, end);
}

function writeInOrder(out: ByteBuffer, reader: RecordReader, writers: Writers, bytes: Uint8Array): void {
  const { keys, starts, ends } = reader;
  const columns = columnsInOrder(reader);
  const count = columns?.length ?? keys.length;
  let separator = 0x7b;
  for (let place = 0; place < count; place++) {
    const index = columns === undefined ? place : (columns[place] as number);
    const start = starts[index] ?? -1;
    const key = keys[index];
    if (start < 0 || key === undefined) continue;
    appendByte(out, separator);
    append(out, key, 0, key.length);
    appendByte(out, 0x3a);
    (writers[index] ?? append)(out, bytes, start, ends[index] ?? start);
    separator = 0x2c;
  }
  if (separator === 0x7b) appendByte(out, separator);
  appendByte(out, 0x7d);
}

/** The columns of a record that has few of many, each once, in the order of the schema. Undefined when iterating over all columns is as fast. */
function columnsInOrder({ keys, order, members }: RecordReader): Uint32Array | undefined {
  if (keys.length <= 8 * members) return undefined;
  return Uint32Array.from(new Set(order.slice(0, members).filter((index) => index >= 0))).sort();
}
