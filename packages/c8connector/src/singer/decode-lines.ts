import { isUtf8 } from 'node:buffer';
import { ProtocolError } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { Exactness, SourceMessage } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { asBuffer, startsWith, textOf } from '../jsonl/byte-buffer.ts';
import { recordReader } from '../jsonl/record-reader.ts';
import { skipSpace, skipValue } from '../jsonl/scan.ts';
import { parseValue } from '../jsonl/values.ts';
import { isJsonObject } from './document.ts';
import { extractedNow, parseExtractedAt } from './extracted-at.ts';
import { checkRecord, type KnownStream, knownStream } from './known-stream.ts';
import { addRecord, closeBatch, type OpenBatch, openBatch } from './open-batch.ts';
import { lineError, readMessage } from './read-message.ts';
import { fitsSuffix, type RecordFrame, recordFrame } from './record-frame.ts';

export interface LineDecoderOptions {
  readonly exact: Exactness;
  readonly log: Log;
  readonly batchBytes: number;
}

/** Turns blocks of whole lines into messages. */
export interface LineDecoder {
  /** The messages that are complete; records at the end of the block wait in the open batch. */
  block(bytes: Uint8Array): Generator<SourceMessage, void, undefined>;
  /** Closes the open batch and returns it; nothing when there is none. */
  close(): readonly SourceMessage[];
  /** When the open batch was opened, in milliseconds of the clock; undefined when there is none. */
  openedAt(): number | undefined;
  /** Fails when the line that comes next, of which so many bytes are there, is longer than a line may be: 64 MB. */
  checkNext(bytes: number): void;
}

const longestLine = 64 << 20;

const envelope = { type: 0, stream: 1, record: 2, version: 3, time_extracted: 4 } as const;
const envelopeSchema: StreamSchema = {
  properties: { type: {}, stream: {}, record: {}, version: {}, time_extracted: {} },
};

export function lineDecoder({ exact, log, batchBytes }: LineDecoderOptions): LineDecoder {
  const streams = new Map<string, KnownStream>();
  const outer = recordReader(envelopeSchema);
  const warned = new Set<string>();
  let open: { readonly batch: OpenBatch; readonly stream: KnownStream; frame: RecordFrame } | undefined;
  let ready: SourceMessage[] = [];
  let line = 0;

  function* block(bytes: Uint8Array): Generator<SourceMessage, void, undefined> {
    const buffer = asBuffer(bytes);
    const isText = isUtf8(bytes);
    let start = line === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    while (start < bytes.length) {
      const newline = buffer.indexOf(0x0a, start);
      const end = newline < 0 ? bytes.length : newline;
      checkNext(end - start);
      line++;
      if (!isText && !isUtf8(bytes.subarray(start, end))) throw lineError(line, 'it is not valid UTF-8');
      if (!readFramed(bytes, start, end)) readLine(bytes, start, end);
      if (ready.length > 0) yield* takeReady();
      start = end + 1;
    }
  }

  /** The fast path: one more record for the open batch. False when the line is anything else, or nothing that this path is sure of. */
  function readFramed(bytes: Uint8Array, start: number, end: number): boolean {
    if (open === undefined || !startsWith(bytes, start, end, open.frame.prefix)) return false;
    const { batch, stream, frame } = open;
    const record = start + frame.prefix.length;
    const recordEnd = stream.reader.read(bytes, record, end);
    if (recordEnd < 0 || !fits(recordEnd - record) || !fitsSuffix(frame, bytes, recordEnd, end)) return false;
    checkRecord(stream, bytes, line, log);
    addRecord(batch, stream, bytes, record, recordEnd);
    return true;
  }

  function fits(recordBytes: number): boolean {
    return open !== undefined && open.batch.out.length + recordBytes + 1 <= batchBytes;
  }

  function readLine(bytes: Uint8Array, lineStart: number, lineEnd: number): void {
    const start = skipSpace(bytes, lineStart, lineEnd);
    const end = trimmedEnd(bytes, start, lineEnd);
    if (start === end) return;
    const read = outer.read(bytes, start, end);
    if (read !== end) throw lineError(line, whatIsWrong(bytes, start, end, read));
    if (text(bytes, 'type') === 'RECORD') readRecord(bytes, lineStart, lineEnd);
    else readOther(textOf(bytes, start, end));
  }

  function readOther(json: string): void {
    closeOpen();
    const value = parseValue(json);
    const message = isJsonObject(value) ? readMessage(value, line, warnOnce) : undefined;
    if (message?.type === 'SCHEMA') {
      const warnedColumns = streams.get(message.stream)?.warnedColumns ?? new Set();
      streams.set(message.stream, knownStream(message, exact, warnedColumns));
    }
    if (message !== undefined) ready.push(message);
  }

  function readRecord(bytes: Uint8Array, start: number, end: number): void {
    const name = text(bytes, 'stream');
    const record = startOf('record');
    if (record < 0) throw lineError(line, "missing required key 'record'");
    if (bytes[record] !== 0x7b) throw lineError(line, "'record' is not an object");
    const recordEnd = outer.ends[envelope.record] ?? record;
    const stream = streams.get(name);
    if (stream === undefined) {
      throw new ProtocolError(`line ${line}: a RECORD of the stream ${JSON.stringify(name)} came before its SCHEMA.`, {
        code: 'record_before_schema',
        details: { stream: name, line },
      });
    }
    const version = versionOf(bytes);
    stream.reader.read(bytes, record, recordEnd);
    checkRecord(stream, bytes, line, log);
    const frame = recordFrame(bytes, {
      start,
      end,
      record,
      recordEnd,
      time: startOf('time_extracted'),
      timeEnd: outer.ends[envelope.time_extracted] ?? -1,
    });
    if (open?.stream === stream && open.batch.facts.version === version && fits(recordEnd - record)) open.frame = frame;
    else {
      closeOpen();
      const facts = { stream: name, schema: stream.message.schema, version, extractedAt: extractedAt(bytes), exact };
      open = { stream, frame, batch: openBatch(facts) };
    }
    addRecord(open.batch, stream, bytes, record, recordEnd);
  }

  function startOf(key: keyof typeof envelope): number {
    return outer.starts[envelope[key]] ?? -1;
  }

  function text(bytes: Uint8Array, key: keyof typeof envelope): string {
    const start = startOf(key);
    if (start < 0) throw lineError(line, `missing required key '${key}'`);
    if (bytes[start] !== 0x22) throw lineError(line, `'${key}' is not a text`);
    return JSON.parse(textOf(bytes, start, outer.ends[envelope[key]] ?? start)) as string;
  }

  function versionOf(bytes: Uint8Array): number | undefined {
    const start = startOf('version');
    if (start < 0 || bytes[start] === 0x6e) return undefined;
    const version = parseValue(textOf(bytes, start, outer.ends[envelope.version] ?? start));
    if (!Number.isSafeInteger(version)) throw lineError(line, "'version' is not an integer");
    return Number(version);
  }

  function extractedAt(bytes: Uint8Array): string {
    const start = startOf('time_extracted');
    if (start < 0 || bytes[start] === 0x6e) return extractedNow();
    const time = bytes[start] === 0x22 ? parseExtractedAt(text(bytes, 'time_extracted')) : undefined;
    if (time === undefined)
      warnOnce('a time_extracted is no moment with a time zone: the time of reading stands for it');
    return time ?? extractedNow();
  }

  function warnOnce(message: string): void {
    if (!warned.has(message)) log.warn(message, { line });
    warned.add(message);
  }

  function closeOpen(): void {
    if (open !== undefined) ready.push(closeBatch(open.batch));
    open = undefined;
  }

  function takeReady(): readonly SourceMessage[] {
    const messages = ready;
    ready = [];
    return messages;
  }

  function checkNext(bytes: number): void {
    if (bytes > longestLine) throw lineError(line + 1, 'it is longer than 64 MB');
  }

  return {
    block,
    close() {
      closeOpen();
      return takeReady();
    },
    openedAt: () => open?.batch.openedAt,
    checkNext,
  };
}

function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && skipSpace(bytes, at - 1, at) === at) at--;
  return at;
}

/** `read` is what the reader of the line returned. */
function whatIsWrong(bytes: Uint8Array, start: number, end: number, read: number): string {
  if (bytes[start] !== 0x7b && skipValue(bytes, start, end) === end) return 'it is not a JSON object';
  const at = read < 0 ? -1 - read : read;
  return at >= end ? 'it is cut off: the JSON ends too early' : `it is not JSON at byte ${at - start + 1}`;
}
