import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { RecordsMessage } from 'c8connector';
import type { FileDescription, Format, StreamFile } from './format.ts';
import type { Spool } from './spool.ts';

/** Rows as text; an object is the texts of its batches, one behind the other. */
export interface TextEncoding {
  readonly extension: string;
  readonly contentType: string;
  readonly leavesOutPathColumns: boolean;
  /** The text of a batch; `isFirst` when nothing stands before it in its object. Throws a DataError `value_unstorable` for a value that the format cannot hold. */
  encode(file: FileDescription, batch: RecordsMessage, isFirst: boolean): Uint8Array;
  /** Throws what `encode` would throw; left out where it throws nothing. */
  check?(file: FileDescription, batch: RecordsMessage): void;
  /** Stands behind the last row of an object. */
  readonly end?: Uint8Array;
}

/** Text as it is. */
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
/** In the place of the system that wrote a member: the same rows give the same bytes everywhere. */
const unknownSystem = 255;

async function memberOf(text: Uint8Array): Promise<Uint8Array> {
  const member = await compress(text, { level: constants.Z_BEST_SPEED });
  member[9] = unknownSystem;
  return member;
}

/**
 * Text as gzip, each batch a member of its own: members are compressed side by side and stand in the file in their order. The size of a file counts its members but for the last ones that may be under way: it ends at the
 * same rows however fast they are compressed.
 */
export function gzipText(spool: Spool, { extension, encode, end, ...described }: TextEncoding): Format {
  const tails = new Map<StreamFile, Promise<number>>();
  /** Of each file the members whose size does not count yet. */
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
        // The next batch gets the error, of whatever file, or whoever asks for the tail of this one.
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
