import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { RecordsMessage } from 'c8connector';
import type { FileDescription, Format, StreamFile } from './format.ts';
import type { Spool } from './spool.ts';

/** Rows as text. An object has the texts of its batches, one after the other. */
export interface TextEncoding {
  readonly extension: string;
  readonly contentType: string;
  readonly leavesOutPathColumns: boolean;
  /** The text of a batch; `isFirst` if it is the first one of its object. Throws a DataError `value_unstorable` for a value that the format cannot store. */
  encode(file: FileDescription, batch: RecordsMessage, isFirst: boolean): Uint8Array;
  /** Throws what `encode` would throw. Absent if that never throws. */
  check?(file: FileDescription, batch: RecordsMessage): void;
  /** Follows the last row of an object. */
  readonly end?: Uint8Array;
}

/** Text without compression. */
export function plainText(spool: Spool, { encode, end, ...described }: TextEncoding): Format {
  return {
    ...described,
    async append(file, batch) {
      const bytes = encode(file, batch, file.bytes === 0);
      file.bytes += bytes.length;
      await spool.append(file.path, bytes);
      batch.release?.();
    },
    async finish(file) {
      if (end !== undefined) await spool.append(file.path, end);
      return file.path;
    },
  };
}

const compress = promisify(gzip);
const membersInFlight = 3;
/** With Node's own 16 KiB, each member goes back and forth between the threads twenty times. */
const pieceBytes = 256 * 1024;
/** Replaces the operating system in the header of a member, so that the same rows have the same bytes everywhere. */
const unknownSystem = 255;

async function memberOf(text: Uint8Array): Promise<Uint8Array> {
  const member = await compress(text, { level: constants.Z_BEST_SPEED, chunkSize: pieceBytes });
  member[9] = unknownSystem;
  return member;
}

/**
 * Text as gzip, each batch as its own member. Members are compressed in parallel and written to the file in their order. The size of a file does not count its latest members, which may still be in progress,
 * so that files end at the same rows however fast the members are compressed.
 */
export function gzipText(spool: Spool, { extension, encode, end, ...described }: TextEncoding): Format {
  const tails = new Map<StreamFile, Promise<number>>();
  /** The members of each file whose size is not counted yet. */
  const uncounted = new Map<StreamFile, Promise<number>[]>();
  const open = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  function addMember(file: StreamFile, text: Uint8Array, release?: () => void): Promise<number> {
    const member = memberOf(text);
    if (release !== undefined) member.then(release, release);
    const written = Promise.all([member, tails.get(file)]).then(async ([bytes]) => {
      await spool.append(file.path, bytes);
      return bytes.length;
    });
    tails.set(file, written);
    return written;
  }

  async function count(file: StreamFile, written: Promise<number>): Promise<void> {
    const members = uncounted.get(file) ?? [];
    uncounted.set(file, members);
    members.push(written);
    if (members.length >= membersInFlight) file.bytes += (await members.shift()) ?? 0;
  }

  return {
    ...described,
    extension: `${extension}.gz`,
    contentType: 'application/gzip',
    async append(file, batch) {
      if (failure !== undefined) throw failure.error;
      const written = addMember(file, encode(file, batch, !tails.has(file)), batch.release);
      const settled = written.then(
        () => void open.delete(settled),
        // The next batch of any file rejects with the error, and so does the end of this file.
        (error: unknown) => {
          open.delete(settled);
          failure ??= { error };
        },
      );
      open.add(settled);
      if (open.size >= membersInFlight) await Promise.race(open);
      await count(file, written);
    },
    async finish(file) {
      await (end === undefined ? tails.get(file) : addMember(file, end));
      tails.delete(file);
      uncounted.delete(file);
      return file.path;
    },
  };
}
