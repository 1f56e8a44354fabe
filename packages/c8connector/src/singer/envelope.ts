import type { StreamSchema } from '../interface/stream.ts';
import { textOf } from '../jsonl/byte-buffer.ts';
import { type RecordReader, recordReader } from '../jsonl/record-reader.ts';
import { skipSpace, skipValue } from '../jsonl/scan.ts';
import { parseValue } from '../jsonl/values.ts';
import { lineError } from './read-message.ts';

/** The members that the lines of records have around them, by their place in the reader. */
const members = { type: 0, stream: 1, record: 2, version: 3, time_extracted: 4 } as const;
type Member = keyof typeof members;

const schema: StreamSchema = {
  properties: { type: {}, stream: {}, record: {}, version: {}, time_extracted: {} },
};

/** Finds the members of one line after the other, whatever its message; the functions below look at the line that it read last. */
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
  const start = skipSpace(bytes, lineStart, lineEnd);
  const end = trimmedEnd(bytes, start, lineEnd);
  if (start === end) return false;
  const read = envelope.read(bytes, start, end);
  if (read !== end) throw lineError(line, whatIsWrong(bytes, start, end, read));
  return true;
}

/** Where the value of a member starts, -1 when the line lacks it. */
export function startOf(envelope: RecordReader, member: Member): number {
  return envelope.starts[members[member]] ?? -1;
}

/** Where the value of a member ends, -1 when no line had it yet. */
export function endOf(envelope: RecordReader, member: Member): number {
  return envelope.ends[members[member]] ?? -1;
}

/** The value of a member that must be a text. */
export function textMember(envelope: RecordReader, bytes: Uint8Array, member: Member, line: number): string {
  const start = startOf(envelope, member);
  if (start < 0) throw lineError(line, `missing required key '${member}'`);
  if (bytes[start] !== 0x22) throw lineError(line, `'${member}' is not a text`);
  return JSON.parse(textOf(bytes, start, endOf(envelope, member))) as string;
}

/** Where the record starts. */
export function recordStart(envelope: RecordReader, bytes: Uint8Array, line: number): number {
  const start = startOf(envelope, 'record');
  if (start < 0) throw lineError(line, "missing required key 'record'");
  if (bytes[start] !== 0x7b) throw lineError(line, "'record' is not an object");
  return start;
}

/** The version of the record's stream, undefined when the line has none. */
export function versionOf(envelope: RecordReader, bytes: Uint8Array, line: number): number | undefined {
  if (isAbsent(envelope, bytes, 'version')) return undefined;
  const version = parseValue(textOf(bytes, startOf(envelope, 'version'), endOf(envelope, 'version')));
  if (!Number.isSafeInteger(version)) throw lineError(line, "'version' is not an integer");
  return Number(version);
}

/** Whether the line lacks a member, or has null there. */
export function isAbsent(envelope: RecordReader, bytes: Uint8Array, member: Member): boolean {
  const start = startOf(envelope, member);
  return start < 0 || bytes[start] === 0x6e;
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
