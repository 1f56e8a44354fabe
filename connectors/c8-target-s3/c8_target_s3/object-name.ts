import { createHash } from 'node:crypto';

/** The writer of objects: a unit of a connection, under one claim. */
export interface Writer {
  readonly connection: string;
  readonly unit: string;
  readonly epoch: number;
}

/** Names the objects of one `write`. All its names share one sequence. */
export interface ObjectNames {
  /** The name of an object with rows. */
  object(folder: string, version: number | undefined, extension: string): string;
  /** The name of a stream's dead letters: `_c8/<connection>/rejected/<stream>/<unit>-<epoch>-<sequence>.jsonl`. */
  rejected(stream: string): string;
}

/**
 * The names of the objects of one `write`: `folder/version-epoch-sequence-connection-unit.extension`, where `folder` is that of the path template. Every part before the connection has a fixed width, so that
 * names sort by table version, then in the order in which they were written. The same objects of the same writer always have the same names.
 */
export function objectNames(writer: Writer): ObjectNames {
  const { epoch } = writer;
  const [connection, unit] = [connectionName(writer.connection), segment(writer.unit)];
  let count = 0;
  const next = () => {
    count += 1;
    return `${digits(epoch, 13)}-${digits(count, 9)}`;
  };
  return {
    object: (folder, version, extension) =>
      `${folder}/${digits(version ?? 0, 13)}-${next()}-${connection}-${unit}.${extension}`,
    rejected: (stream) => `${rejectedFolder(writer.connection)}${streamFolder(stream)}/${unit}-${next()}.jsonl`,
  };
}

/** The parts of an object's name. */
export interface ObjectName {
  /** The folder of the path template. */
  readonly folder: string;
  readonly version: number;
  readonly epoch: number;
  readonly sequence: number;
  /** As {@link connectionName} and {@link segment} encode them. */
  readonly connection: string;
  readonly unit: string;
}

const namePattern =
  /^(.+)\/(\d{13,})-(\d{13,})-(\d{9,})-([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([^./]+)\.[a-z.]+$/;

/** Reads a name that {@link objectNames} created, below the folder of the config; undefined for any other name, such as one of an older release. */
export function readObjectName(key: string): ObjectName | undefined {
  const [, folder = '', version, epoch, sequence, connection = '', unit = ''] = namePattern.exec(key) ?? [];
  if (version === undefined) return undefined;
  return { folder, version: Number(version), epoch: Number(epoch), sequence: Number(sequence), connection, unit };
}

const rejectedPattern = /^_c8\/([^/]+)\/rejected\/([^/]+)\/([^./]+)-(\d{13,})-(\d{9,})\.jsonl$/;

/** Reads the name of dead letters, below the folder of the config; undefined for any other name. `folder` is then the {@link streamFolder} of the stream. */
export function readRejectedName(key: string): ObjectName | undefined {
  const [, connection = '', folder = '', unit = '', epoch, sequence] = rejectedPattern.exec(key) ?? [];
  if (epoch === undefined) return undefined;
  return { folder, version: 0, epoch: Number(epoch), sequence: Number(sequence), connection, unit };
}

/** The folder of a connection's dead letters, below that of the config. */
export function rejectedFolder(connection: string): string {
  return `${ownFolder}/${connectionName(connection)}/rejected/`;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A connection in a name: its id, or a hash of the id if that is not a UUID. */
export function connectionName(connection: string): string {
  return uuid.test(connection) ? connection : hash(connection, 32);
}

/** Leaves room for the rest of a name within the 255 bytes that file systems allow. */
const longestSegment = 120;

/** A text as a part of a name: everything except `A-Z a-z 0-9 - _` is percent-encoded. The end of a very long one is replaced by `~` and a hash. */
export function segment(text: string): string {
  const encoded = Array.from(text, (character) =>
    /[.!'()]/.test(character) ? percent(character) : encodeCharacter(character),
  ).join('');
  return encoded.length <= longestSegment ? encoded : `${encoded.slice(0, longestSegment - 17)}~${hash(text, 16)}`;
}

/** The folder of everything besides the streams. No stream has a folder of this name. */
export const ownFolder = '_c8';

/** Leaves room for the rest of the name within the 1,024 bytes that S3 allows. */
const longestFolder = 255;

/**
 * The folder of a stream: its name, in which everything except `A-Z a-z 0-9 - _ . ! ' ( )` is percent-encoded as UTF-8, as are dots at the start. Two streams never share a folder. The end of a
 * very long name is replaced by `~` and a hash.
 */
export function streamFolder(stream: string): string {
  if (stream === '') return '%';
  if (stream === ownFolder) return '%5Fc8';
  const encoded = Array.from(stream, encodeCharacter)
    .join('')
    .replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
  return encoded.length <= longestFolder ? encoded : `${encoded.slice(0, longestFolder - 17)}~${hash(stream, 16)}`;
}

function encodeCharacter(character: string): string {
  if (/[A-Za-z0-9\-_.!'()]/.test(character)) return character;
  // A lone surrogate has no UTF-8 form. Encoded as the replacement character, it would share a folder with other names.
  if (/\p{Surrogate}/u.test(character)) return `%u${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return percent(character);
}

/** A character, percent-encoded as UTF-8. */
export function percent(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function hash(text: string, length: number): string {
  return createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex').slice(0, length);
}

/** A number with leading zeros, at least `width` digits. */
export function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
