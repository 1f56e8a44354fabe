import { crc32 } from 'node:zlib';

/** The header of an event, and where its content is. */
export interface RawEvent {
  readonly bytes: Uint8Array;
  readonly time: number;
  readonly type: number;
  readonly serverId: number;
  readonly next: number;
  readonly flags: number;
  /** The content, without the header and the checksum. */
  readonly start: number;
  readonly end: number;
}

export const headerSize = 19;
export const checksumSize = 4;

/** The server made it for this session: it is not in the file. */
const artificialFlag = 0x20;
/** A reader that does not know it may ignore it. */
const ignorableFlag = 0x80;
/** Set while the file is written. The checksum of the file does not contain it. */
const inUseFlag = 0x01;
const flagsAt = 17;

/** Reads the header. Throws a RangeError for bytes whose length is not that of the event. */
export function readHeader(bytes: Uint8Array, checksum: number): RawEvent {
  if (bytes.length < headerSize + checksum) throw new RangeError(`an event has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(9, true);
  if (size !== bytes.length) throw new RangeError(`an event of ${bytes.length} bytes has the length ${size}`);
  return {
    bytes,
    time: view.getUint32(0, true),
    type: view.getUint8(4),
    serverId: view.getUint32(5, true),
    next: view.getUint32(13, true),
    flags: view.getUint16(flagsAt, true),
    start: headerSize,
    end: bytes.length - checksum,
  };
}

export function isArtificial({ flags, next }: Pick<RawEvent, 'flags' | 'next'>): boolean {
  return (flags & artificialFlag) !== 0 || next === 0;
}

export function isIgnorable({ flags }: Pick<RawEvent, 'flags'>): boolean {
  return (flags & ignorableFlag) !== 0;
}

/** Whether the last four bytes are the checksum of the others. */
export function hasChecksum(bytes: Uint8Array): boolean {
  const end = bytes.length - checksumSize;
  if (end < headerSize) return false;
  const expected = new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true);
  if (crc32(bytes.subarray(0, end)) === expected) return true;
  const flags = bytes[flagsAt] as number;
  if ((flags & inUseFlag) === 0) return false;
  const written = bytes.slice(0, end);
  written[flagsAt] = flags & ~inUseFlag;
  return crc32(written) === expected;
}
