import { isUtf8 } from 'node:buffer';
import { ProtocolError } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Exactness, SchemaMessage, SourceMessage } from '../interface/messages.ts';
import { asBuffer, startsWith } from '../jsonl/byte-buffer.ts';
import { type ColumnMemory, columnMemory } from '../jsonl/columns/column-memory.ts';
import type { PageMemory } from '../jsonl/page-memory.ts';
import type { RecordReader } from '../jsonl/record-reader.ts';
import {
  endOf,
  envelopeReader,
  isAbsent,
  readEnvelope,
  recordStart,
  startOf,
  textMember,
  versionOf,
} from './envelope.ts';
import { extractedNow, parseExtractedAt } from './extracted-at.ts';
import { checkRecord, type KnownStream, knownStream } from './known-stream.ts';
import { details, lineError } from './line-error.ts';
import { addRecord, closeBatch, type OpenBatch, openBatch } from './open-batch.ts';
import { messageReaders } from './read-message.ts';
import { fitsSuffix, type RecordFrame, recordFrame } from './record-frame.ts';
import { checkSinger, type SeenTypes, seenTypes, unknownType } from './seen-types.ts';
import { shownName } from './shown.ts';

export interface LineDecoderOptions {
  readonly exact: Exactness;
  readonly log: Log;
  readonly batchBytes: number;
}

/** Turns blocks of whole lines into messages. */
export interface LineDecoder {
  /** The complete messages; records at the end of the block wait in the open batch. */
  block(bytes: Uint8Array): Generator<SourceMessage, void, undefined>;
  /** Closes the open batch and returns it; an empty list when there is none. */
  close(): readonly SourceMessage[];
  /** When the open batch was opened, in milliseconds since 1970; undefined when there is none. */
  openedAt(): number | undefined;
  /** Throws when the input was not Singer text. To be called at its end. */
  checkEnd(): void;
  /** Throws when the next line, of which this many bytes have been read, exceeds the limit of 64 MB. */
  checkNext(bytes: number): void;
}

const longestLine = 64 << 20;
/** The most streams: what is kept of each takes memory until the input ends. */
const mostStreams = 10_000;

/** The state of the decoder after the lines so far. */
interface Decoding extends LineDecoderOptions {
  readonly streams: Map<string, KnownStream>;
  readonly envelope: RecordReader;
  /** Warnings that were logged. */
  readonly warned: Set<string>;
  readonly types: SeenTypes;
  /** For the lines of batches, and for their columns. */
  readonly memory: PageMemory;
  readonly columns: ColumnMemory;
  /** The open batch, to which records are added, and the frame of its last record. */
  open: { readonly batch: OpenBatch; readonly stream: KnownStream; readonly frame: RecordFrame } | undefined;
  /** Complete messages that were not returned yet. */
  ready: SourceMessage[];
  /** The number of the last line, from 1. */
  line: number;
}

export function lineDecoder({ exact, log, batchBytes }: LineDecoderOptions): LineDecoder {
  const decoding: Decoding = {
    exact,
    log,
    batchBytes,
    streams: new Map(),
    envelope: envelopeReader(),
    warned: new Set(),
    types: seenTypes(),
    memory: [],
    columns: columnMemory(),
    open: undefined,
    ready: [],
    line: 0,
  };
  return {
    block: (bytes) => decodeBlock(decoding, bytes),
    close() {
      closeOpen(decoding);
      return takeReady(decoding);
    },
    checkEnd: () => checkSinger(decoding.types, decoding.line),
    openedAt: () => decoding.open?.batch.openedAt,
    checkNext: (bytes) => checkLength(bytes, decoding.line + 1),
  };
}

function* decodeBlock(decoding: Decoding, bytes: Uint8Array): Generator<SourceMessage, void, undefined> {
  const buffer = asBuffer(bytes);
  const isText = isUtf8(bytes);
  let start = 0;
  while (start < bytes.length) {
    const newline = buffer.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    decoding.line++;
    checkLength(end - start, decoding.line);
    if (!isText && !isUtf8(bytes.subarray(start, end))) throw notUtf8(bytes, start, decoding.line);
    if (!addFramed(decoding, bytes, start, end)) decodeLine(decoding, bytes, start, end);
    if (decoding.ready.length > 0) yield* takeReady(decoding);
    start = end + 1;
  }
}

function checkLength(bytes: number, line: number): void {
  if (bytes > longestLine) throw lineError({ line }, 'it is longer than 64 MB');
}

/** The fast path: adds one more record to the open batch. False if the line is something else, or this path cannot decide. */
function addFramed(decoding: Decoding, bytes: Uint8Array, start: number, end: number): boolean {
  const { open } = decoding;
  if (open === undefined || !startsWith(bytes, start, end, open.frame.prefix)) return false;
  const { batch, stream, frame } = open;
  const record = start + frame.prefix.length;
  const recordEnd = stream.reader.read(bytes, record, end);
  if (recordEnd < 0 || !hasRoom(decoding, batch, recordEnd - record)) return false;
  if (!fitsSuffix(frame, bytes, recordEnd, end)) return false;
  checkRecord(stream, bytes, decoding.line, decoding.log);
  addRecord(batch, stream, bytes, record, recordEnd);
  return true;
}

function hasRoom({ batchBytes }: Decoding, batch: OpenBatch, recordBytes: number): boolean {
  return batch.out.length + recordBytes + 1 <= batchBytes;
}

function notUtf8(bytes: Uint8Array, start: number, line: number): Error {
  const isWide =
    (bytes[start] === 0xff && bytes[start + 1] === 0xfe) || (bytes[start] === 0xfe && bytes[start + 1] === 0xff);
  return lineError({ line }, `it is not valid UTF-8${isWide ? ' but UTF-16, as some shells write it' : ''}`);
}

function decodeLine(decoding: Decoding, bytes: Uint8Array, start: number, end: number): void {
  const { envelope, line } = decoding;
  if (!readEnvelope(envelope, bytes, start, end, line)) return;
  const name = textMember(envelope, bytes, 'type', line);
  // Some taps write them in lower case.
  const type = name.toUpperCase();
  if (type === 'RECORD') {
    decodeRecord(decoding, bytes, start, end);
    return;
  }
  const read = messageReaders.get(type);
  if (read === undefined) {
    const problem = unknownType(decoding.types, name);
    if (problem !== undefined) warnOnce(decoding, problem);
    return;
  }
  closeOpen(decoding);
  const message = read({ envelope, bytes, start, end, line, warn: (problem) => warnOnce(decoding, problem) });
  decoding.types.isSinger = true;
  if (message === undefined) return;
  if (message.type === 'SCHEMA') addStream(decoding, message);
  decoding.ready.push(message);
}

function addStream({ streams, exact, line }: Decoding, message: SchemaMessage): void {
  const { stream } = message;
  const known = streams.get(stream);
  if (known === undefined && streams.size >= mostStreams) {
    throw lineError({ line, stream }, `it is one stream more than ${mostStreams}, which are the most of one input`);
  }
  streams.set(stream, knownStream(message, exact, known?.warned));
}

function decodeRecord(decoding: Decoding, bytes: Uint8Array, start: number, end: number): void {
  const { envelope, line, log } = decoding;
  const name = textMember(envelope, bytes, 'stream', line);
  const record = recordStart(envelope, bytes, line);
  const recordEnd = endOf(envelope, 'record');
  const stream = streamOf(decoding, name);
  decoding.types.isSinger = true;
  const version = versionOf(envelope, bytes, line);
  stream.reader.read(bytes, record, recordEnd);
  checkRecord(stream, bytes, line, log);
  const [time, timeEnd] = [startOf(envelope, 'time_extracted'), endOf(envelope, 'time_extracted')];
  const frame = recordFrame(bytes, { start, end, record, recordEnd, time, timeEnd });
  const { open } = decoding;
  const isFitting =
    open?.stream === stream &&
    open.batch.header.version === version &&
    hasRoom(decoding, open.batch, recordEnd - record);
  const batch = isFitting ? open.batch : nextBatch(decoding, stream, version, bytes);
  decoding.open = { batch, stream, frame };
  addRecord(batch, stream, bytes, record, recordEnd);
}

function nextBatch(decoding: Decoding, stream: KnownStream, version: number | undefined, bytes: Uint8Array): OpenBatch {
  closeOpen(decoding);
  const { stream: name, schema } = stream.message;
  const { exact, columns, memory } = decoding;
  const header = { stream: name, schema, version, extractedAt: extractedAt(decoding, bytes), exact, memory: columns };
  return openBatch(header, memory);
}

function streamOf({ streams, line }: Decoding, name: string): KnownStream {
  const stream = streams.get(name);
  if (stream !== undefined) return stream;
  throw new ProtocolError(`line ${line}: a RECORD of the stream ${shownName(name)} came before its SCHEMA.`, {
    code: 'record_before_schema',
    details: details({ line, stream: name }),
  });
}

/** When the record was read; now when the line does not say. */
function extractedAt(decoding: Decoding, bytes: Uint8Array): string {
  const { envelope, line } = decoding;
  if (isAbsent(envelope, bytes, 'time_extracted')) return extractedNow();
  const isText = bytes[startOf(envelope, 'time_extracted')] === 0x22;
  const time = isText ? parseExtractedAt(textMember(envelope, bytes, 'time_extracted', line)) : undefined;
  if (time !== undefined) return time;
  warnOnce(decoding, 'a time_extracted is not a moment with a time zone: the time of reading is used instead');
  return extractedNow();
}

function warnOnce({ warned, log, line }: Decoding, message: string): void {
  if (!warned.has(message)) log.warn(message, { line });
  warned.add(message);
}

function closeOpen(decoding: Decoding): void {
  if (decoding.open !== undefined) decoding.ready.push(closeBatch(decoding.open.batch, decoding.memory));
  decoding.open = undefined;
}

function takeReady(decoding: Decoding): readonly SourceMessage[] {
  const messages = decoding.ready;
  decoding.ready = [];
  return messages;
}
