import type { RecordsMessage, SourceMessage } from '../interface/messages.ts';
import { append, appendAll, asBuffer, type ByteBuffer, byteBuffer, reserve } from '../jsonl/byte-buffer.ts';
import { exactSchema } from '../jsonl/plain-schema.ts';
import { stringifyValue } from '../jsonl/values.ts';

/** The most bytes of a chunk. A longer line is emitted in pieces, one of which is its record, uncopied. */
const chunkBytes = 2 << 20;

/**
 * Encodes messages as Singer text: one line each, in chunks of whole lines, except for a line of more than 2 MB. Everything that is not a record, such as STATE, is emitted at once in a chunk of its
 * own. With `memory: 'reused'` a chunk is valid only until the next one is requested, which saves most garbage collection.
 */
export async function* encodeMessages(
  messages: AsyncIterable<SourceMessage> | Iterable<SourceMessage>,
  { memory = 'fresh' }: { readonly memory?: 'fresh' | 'reused' } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const out = byteBuffer(memory === 'reused' ? chunkBytes : 0);
  for await (const message of messages) {
    if (message.type === 'RECORDS') {
      for (const chunk of encodeBatch(message, out)) yield memory === 'reused' ? chunk : Buffer.from(chunk);
      message.release?.();
    } else yield Buffer.from(`${stringifyValue(plainMessage(message))}\n`);
  }
}

function plainMessage(message: Exclude<SourceMessage, RecordsMessage>): unknown {
  if (message.type !== 'SCHEMA') return message;
  const { type, stream, schema, keyProperties, bookmarkProperties = [] } = message;
  return {
    type,
    stream,
    schema: exactSchema(schema),
    key_properties: keyProperties,
    bookmark_properties: bookmarkProperties,
  };
}

function* encodeBatch(batch: RecordsMessage, out: ByteBuffer): Generator<Uint8Array, void, undefined> {
  const lines = asBuffer(batch.with('number').lines());
  const prefix = Buffer.from(`{"type":"RECORD","stream":${JSON.stringify(batch.stream)},"record":`);
  const version = batch.version === undefined ? '' : `,"version":${batch.version}`;
  const suffix = Buffer.from(`${version},"time_extracted":${JSON.stringify(batch.extractedAt)}}\n`);
  const around = prefix.length + suffix.length;
  out.length = 0;
  let start = 0;
  while (start < lines.length) {
    const newline = lines.indexOf(0x0a, start);
    const end = newline < 0 ? lines.length : newline;
    if (out.length > 0 && out.length + around + end - start > chunkBytes) {
      yield out.bytes.subarray(0, out.length);
      out.length = 0;
    }
    if (around + end - start > chunkBytes) yield* [prefix, lines.subarray(start, end), suffix];
    else appendLine(out, prefix, lines, start, end, suffix);
    start = end + 1;
  }
  if (out.length > 0) yield out.bytes.subarray(0, out.length);
}

function appendLine(
  out: ByteBuffer,
  prefix: Uint8Array,
  lines: Uint8Array,
  start: number,
  end: number,
  suffix: Uint8Array,
): void {
  reserve(out, prefix.length + end - start + suffix.length);
  appendAll(out, prefix);
  append(out, lines, start, end);
  appendAll(out, suffix);
}
