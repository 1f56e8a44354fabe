import { createHash } from 'node:crypto';

/** What the names of one `write` have in common. */
interface Writer {
  readonly id: string;
  readonly unit: string;
  readonly epoch: number;
}

/**
 * Makes the names of the objects of one `write`, below the folder of the config: `stream/version-time-writer-sequence.extension`. Every part has a fixed
 * width, so that names sort by table version, then by time; the writer and the sequence make them unique.
 */
export function objectNames(folder: string, writer: Writer, now: () => number = Date.now) {
  const writerHash = hash(JSON.stringify([writer.id, writer.unit, writer.epoch]));
  let sequence = 0;
  return (stream: string, version: number | undefined, extension: string): string => {
    sequence += 1;
    const time = new Date(now()).toISOString().replaceAll(/[-:.]/g, '');
    const name = [digits(version ?? 0, 13), time, writerHash, digits(sequence, 6)].join('-');
    return `${folder}${streamFolder(stream)}/${name}.${extension}`;
  };
}

/** Leaves room for the rest of the name within the 1,024 bytes that S3 allows. */
const longestFolder = 255;

/**
 * The folder of a stream: its name, with everything but `A-Z a-z 0-9 - _ . ! ' ( )` percent-encoded as UTF-8, and the dots of a name that starts with one. Two
 * streams never share a folder; a very long name ends with `~` and a hash instead of its tail.
 */
export function streamFolder(stream: string): string {
  if (stream === '') return '%';
  const encoded = Array.from(stream, encodeCharacter)
    .join('')
    .replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
  return encoded.length <= longestFolder ? encoded : `${encoded.slice(0, longestFolder - 17)}~${hash(stream)}`;
}

function encodeCharacter(character: string): string {
  if (/[A-Za-z0-9\-_.!'()]/.test(character)) return character;
  // A lone surrogate has no UTF-8 form; as a replacement character it would share its folder with others.
  if (/\p{Surrogate}/u.test(character)) return `%u${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function hash(text: string): string {
  return createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex').slice(0, 16);
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
