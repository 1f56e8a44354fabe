import { EventBytes } from './event-bytes.ts';
import { isArtificial, type RawEvent } from './event-header.ts';
import type { EventKind } from './events.ts';

/** The parts of a format description: a version, the text of the server's version, a time, and the length of a header. */
const versionSize = 50;
const supportedVersion = 4;
const supportedHeader = 19;

/** The algorithms of checksums. */
const noChecksum = 0;
export const crc32Checksum = 1;

/** Where the next file begins, or where this one does. */
export function readRotate(raw: RawEvent): EventKind<'rotate'> {
  const content = contentOf(raw);
  const position = content.size64();
  return { kind: 'rotate', position, file: content.text(content.rest), isArtificial: isArtificial(raw) };
}

/** The description of a file, whose last byte is the algorithm of the checksums, and whether the events that follow have one. */
export function readFormat(raw: RawEvent): readonly [event: EventKind<'format'>, hasChecksums: boolean] {
  const content = contentOf(raw);
  const version = content.u16();
  const serverVersion = content.text(versionSize).replace(/\0.*$/s, '');
  content.skip(4);
  const header = content.u8();
  if (version !== supportedVersion || header !== supportedHeader)
    throw new RangeError(`the format ${version} with headers of ${header} bytes is unknown`);
  content.skip(content.rest - 1);
  const algorithm = content.u8();
  if (algorithm !== noChecksum && algorithm !== crc32Checksum)
    throw new RangeError(`the algorithm ${algorithm} of checksums is unknown`);
  return [{ kind: 'format', serverVersion }, algorithm === crc32Checksum];
}

/** Up to where the server has read without an event for this session. Beyond 4 GB, MariaDB has the position before the name. */
export function readHeartbeat(raw: RawEvent, isMariaDb: boolean): EventKind<'heartbeat'> {
  const content = contentOf(raw);
  const position = isMariaDb && raw.next === 0 && content.rest > 8 ? content.size64() : raw.next;
  return { kind: 'heartbeat', position, file: content.text(content.rest) };
}

const endField = 0;
const fileField = 1;
const positionField = 2;

/** A heartbeat of a later form: fields with a number, a length, and their bytes. */
export function readHeartbeatV2(raw: RawEvent): EventKind<'heartbeat'> {
  const content = contentOf(raw);
  let file = '';
  let position = raw.next;
  for (let field = content.packed(); field !== endField; field = content.packed()) {
    const value = new EventBytes(content.take(content.packed()));
    if (field === fileField) file = value.text(value.rest);
    else if (field === positionField) position = value.packed();
  }
  return { kind: 'heartbeat', file, position };
}

/** The bytes of an event after its header. */
export function contentOf({ bytes, start, end }: RawEvent): EventBytes {
  return new EventBytes(bytes, start, end);
}
