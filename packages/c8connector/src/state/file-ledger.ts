import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Ledger, LedgerEntry } from '../interface/ledger.ts';
import type { State } from '../interface/state.ts';
import { stringifyValue } from '../jsonl/values.ts';
import { positionOf } from '../replication/full-table.ts';
import { bookmarkOf } from '../singer/state.ts';

/** A line of the file: an entry, or the position that a run may go on from. */
type Line = LedgerEntry | { readonly border: string; readonly streams: readonly string[] };

/**
 * The ledger of a unit in a file that all units of the connection share, one JSON line an entry, synced after each. `state` is what the unit goes on from: entries of rows
 * without a key count only behind its border, since the rows before it do not come again. The file is made with the first entry.
 */
export async function openFileLedger(
  path: string,
  streams: readonly string[],
  state: State,
): Promise<Ledger & AsyncDisposable> {
  const done = await readEntries(path, streams, positionsOf(state, streams));
  let file: FileHandle | undefined;
  let last = positionsOf(state, streams);

  const write = async (line: Line): Promise<void> => {
    // A killed run may have left half a line: a new one begins on a line of its own.
    if (file === undefined) {
      file = await open(path, 'a', 0o600);
      await file.write('\n');
    }
    await file.write(`${JSON.stringify(line)}\n`);
    await file.datasync();
  };

  return {
    has: ({ stream, row }) => done.has(nameOf(stream, row)),
    async add({ stream, row }) {
      done.add(nameOf(stream, row));
      await write({ stream, row });
    },
    async border(next) {
      const position = next === undefined ? undefined : positionsOf(next, streams);
      if (position === undefined || position === last) return false;
      last = position;
      await write({ border: position, streams });
      for (const name of done) if (!isKeyed(name)) done.delete(name);
      return true;
    },
    async [Symbol.asyncDispose]() {
      await file?.close();
    },
  };
}

/** Forgets all entries: the run they belong to is over. */
export async function removeFileLedger(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Where a run that goes on from this state begins; undefined where it begins at the beginning. */
function positionsOf(state: State, streams: readonly string[]): string | undefined {
  const positions = streams.map((stream) => positionOf(bookmarkOf(state, stream)) ?? null);
  return positions.every((position) => position === null) ? undefined : stringifyValue(positions);
}

async function readEntries(
  path: string,
  streams: readonly string[],
  position: string | undefined,
): Promise<Set<string>> {
  const done = new Set<string>();
  for await (const line of linesOf(path)) {
    if ('border' in line) {
      if (line.border !== position || line.streams.join('\n') !== streams.join('\n')) continue;
      for (const name of done) if (!isKeyed(name)) done.delete(name);
    } else if (streams.includes(line.stream)) done.add(nameOf(line.stream, line.row));
  }
  return done;
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  const input = createReadStream(path);
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = parseLine(text);
      if (line !== undefined) yield line;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    input.destroy();
  }
}

/** Half a line is what a kill left; its call had not been counted yet. */
function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nameOf(stream: string, row: string): string {
  return `${row}\n${stream}`;
}

/** Keys are JSON lists; hashes are not. */
function isKeyed(name: string): boolean {
  return name.startsWith('[');
}
