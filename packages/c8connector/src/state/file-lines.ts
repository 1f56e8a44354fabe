import { type FileHandle, open } from 'node:fs/promises';

/** A line of a file, without its newline. */
export interface FileLine {
  readonly text: string;
  /** From 1 on. */
  readonly number: number;
  /** Whether it ends with a newline; only the last one may not. */
  readonly isWhole: boolean;
}

const newline = 0x0a;
const chunkBytes = 64 * 1024;

/** The lines of a file; none when there is no file. The text after the last newline is a line too, if it is not empty. */
export async function* linesOf(path: string): AsyncGenerator<FileLine> {
  const file = await openIfThere(path);
  if (file === undefined) return;
  try {
    let number = 0;
    let rest = Buffer.alloc(0);
    for await (const chunk of chunksOf(file)) {
      const bytes = Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        number += 1;
        yield { text: bytes.toString('utf8', start, end), number, isWhole: true };
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), number: number + 1, isWhole: false };
  } finally {
    await file.close();
  }
}

/** Opens a file to append lines, and makes it end with a newline: a last line without one is completed if `isComplete` returns true for it, and cut off otherwise. */
export async function openToAppend(path: string, isComplete: (text: string) => boolean): Promise<FileHandle> {
  const file = await open(path, 'a+', 0o600);
  try {
    await endLine(file, isComplete);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Makes a file end with a newline, as {@link openToAppend} does. */
export async function endLine(file: FileHandle, isComplete: (text: string) => boolean): Promise<void> {
  const { size } = await file.stat();
  let tail = Buffer.alloc(0);
  while (tail.length < size && !tail.includes(newline)) {
    const length = Math.min(chunkBytes, size - tail.length);
    tail = Buffer.concat([await readAt(file, size - tail.length - length, length), tail]);
  }
  const rest = tail.subarray(tail.lastIndexOf(newline) + 1);
  if (rest.length === 0) return;
  if (isComplete(rest.toString('utf8'))) await file.write('\n');
  else await file.truncate(size - rest.length);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const chunk = await readAt(file, position, chunkBytes);
    if (chunk.length === 0) return;
    position += chunk.length;
    yield chunk;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
