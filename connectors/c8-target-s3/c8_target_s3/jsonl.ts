import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Format, StreamFile } from './format.ts';
import type { Spool } from './spool.ts';

/** JSON lines as they came. */
export function plainJsonl(spool: Spool): Format {
  return {
    extension: 'jsonl',
    contentType: 'application/x-ndjson',
    async append(file, batch) {
      const lines = batch.lines();
      file.bytes += lines.length;
      await spool.append(file.path, lines);
    },
    finish: async (file) => file.path,
  };
}

const compress = promisify(gzip);
const membersInFlight = 3;

/** JSON lines as gzip, each batch a member of its own: members are compressed side by side and stand in the file in their order. */
export function gzipJsonl(spool: Spool): Format {
  const tails = new Map<StreamFile, Promise<void>>();
  const open = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  return {
    extension: 'jsonl.gz',
    contentType: 'application/gzip',
    async append(file, batch) {
      if (failure !== undefined) throw failure.error;
      const member = compress(batch.lines(), { level: constants.Z_BEST_SPEED });
      const written = Promise.all([member, tails.get(file)]).then(([bytes]) => {
        file.bytes += bytes.length;
        return spool.append(file.path, bytes);
      });
      tails.set(file, written);
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
    },
    async finish(file) {
      await tails.get(file);
      tails.delete(file);
      return file.path;
    },
  };
}
