import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectionError, isC8Error, writeFileAtomically } from 'c8connector';

/** Lines of JSON that wait for the next flush. */
export interface Held {
  readonly stream: string;
  readonly version: number;
  readonly lines: Uint8Array;
}

/**
 * Writes a file for each stream and version: `orders-1700000000000-1700000000123-9f86d081….jsonl` after stream, version and time. Resolves when all of them are
 * safe on the disk.
 */
export async function save(folder: string, held: readonly Held[]): Promise<void> {
  const files = new Map<string, Uint8Array[]>();
  for (const { stream, version, lines } of held) {
    const begin = `${encodeURIComponent(stream)}-${version}`;
    files.set(begin, [...(files.get(begin) ?? []), lines]);
  }
  for (const [begin, lines] of files) {
    await write(join(folder, `${begin}-${Date.now()}-${randomUUID()}.jsonl`), Buffer.concat(lines).toString());
  }
}

/** Writes a file and removes it, for `check`. */
export async function probe(folder: string): Promise<string> {
  const path = join(folder, `probe-${randomUUID()}`);
  await write(path, '');
  await rm(path);
  return `Files can be written to ${folder}.`;
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(path, text);
  } catch (cause) {
    if (isC8Error(cause)) throw cause;
    const message = `${path} cannot be written: ${(cause as Error).message}.`;
    const remedy = 'Make the folder, or allow this user to write into it.';
    throw new ConnectionError(message, { code: 'access_denied', cause, remedy, details: { property: 'folder' } });
  }
}
