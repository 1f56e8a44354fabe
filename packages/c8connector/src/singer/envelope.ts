import type { StreamSchema } from '../interface/stream.ts';
import { readString, readValue } from '../jsonl/read-value.ts';
import { type RecordReader, recordReader } from '../jsonl/record-reader.ts';
import { skipSpace } from '../jsonl/scan.ts';
import { describeBroken } from './broken-line.ts';
import { lineError } from './line-error.ts';
import { readVersion } from './read-version.ts';
import { shownBytes } from './shown.ts';

/** The members of a line that are read, with their index in the reader. */
const members = { type: 0, stream: 1, record: 2, version: 3, time_extracted: 4, value: 5 } as const;
type Member = keyof typeof members;

const schema: StreamSchema = {
  properties: { type: {}, stream: {}, record: {}, version: {}, time_extracted: {}, value: {} },
};

/** Finds the members of one line after another, whatever the type of message; the functions below use the line that it read last. */
export function envelopeReader(): RecordReader {
  return recordReader(schema);
}

/** Reads the line from `start` to before `end`. False when it is blank; throws a ProtocolError `line_invalid` when it is not a JSON object. */
export function readEnvelope(
  envelope: RecordReader,
  bytes: Uint8Array,
  lineStart: number,
  lineEnd: number,
  line: number,
): boolean {
  const start = skipSpace(bytes, behindMark(bytes, lineStart, lineEnd), lineEnd);
  const end = trimmedEnd(bytes, start, lineEnd);
  if (start === end) return false;
  const read = envelope.read(bytes, start, end);
  if (read === end) return true;
  const { problem, column } = describeBroken(bytes, start, end, read < 0 ? -1 - read : read);
  throw lineError({ line, stream: streamIfAny(envelope, bytes), column }, problem);
}

/** Where the value of a member starts, -1 when the line lacks it. */
export function startOf(envelope: RecordReader, member: Member): number {
  return envelope.starts[members[member]] ?? -1;
}

/** Where the value of a member ends, -1 when no line has had it yet. */
export function endOf(envelope: RecordReader, member: Member): number {
  return envelope.ends[members[member]] ?? -1;
}

/** The value of a member that must be a text. */
export function textMember(envelope: RecordReader, bytes: Uint8Array, member: Member, line: number): string {
  const start = presentStart(envelope, bytes, member, line);
  if (bytes[start] === 0x22) return readString(bytes, start, endOf(envelope, member));
  throw unfit(envelope, bytes, member, line, 'a text');
}

/** Where the record starts. */
export function recordStart(envelope: RecordReader, bytes: Uint8Array, line: number): number {
  const start = presentStart(envelope, bytes, 'record', line);
  if (bytes[start] === 0x7b) return start;
  throw unfit(envelope, bytes, 'record', line, 'an object');
}

/** The version of the line's stream, undefined when it has none or null. */
export function versionOf(envelope: RecordReader, bytes: Uint8Array, line: number): number | undefined {
  if (isAbsent(envelope, bytes, 'version')) return undefined;
  // A list is not a version, and may be too long to read.
  const value = readValue(bytes, startOf(envelope, 'version'), endOf(envelope, 'version'), 1);
  const version = readVersion(value);
  if (version !== undefined) return version;
  throw unfit(envelope, bytes, 'version', line, 'a number of 64 bits');
}

/** Where the value of a required member starts. */
export function presentStart(envelope: RecordReader, bytes: Uint8Array, member: Member, line: number): number {
  const start = startOf(envelope, member);
  if (start >= 0) return start;
  throw lineError({ line, stream: streamIfAny(envelope, bytes) }, `missing required key '${member}'`);
}

/** Whether the line lacks a member, or has null there. */
export function isAbsent(envelope: RecordReader, bytes: Uint8Array, member: Member): boolean {
  const start = startOf(envelope, member);
  return start < 0 || bytes[start] === 0x6e;
}

function unfit(envelope: RecordReader, bytes: Uint8Array, member: Member, line: number, wanted: string): Error {
  const shown = shownBytes(bytes, startOf(envelope, member), endOf(envelope, member));
  const stream = member === 'stream' ? undefined : streamIfAny(envelope, bytes);
  return lineError({ line, stream }, `'${member}' is not ${wanted}: ${shown}`);
}

/** The name of the line's stream, if it was read and is a text. */
function streamIfAny(envelope: RecordReader, bytes: Uint8Array): string | undefined {
  const start = startOf(envelope, 'stream');
  if (start < 0 || bytes[start] !== 0x22) return undefined;
  return readString(bytes, start, endOf(envelope, 'stream'));
}

/** The offset after a byte order mark, which any line may start with when the output of several programs was joined. */
export function behindMark(bytes: Uint8Array, start: number, end: number): number {
  const isMarked = start + 3 <= end && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
  return isMarked ? start + 3 : start;
}

function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && skipSpace(bytes, at - 1, at) === at) at--;
  return at;
}
