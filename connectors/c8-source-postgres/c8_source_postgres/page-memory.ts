/**
 * Memory of pages that were released, for the next ones. With new memory for each page of a megabyte the collector would go through the whole heap every few pages, and Node 24 takes longer to make the memory
 * than its rows take to be written.
 */
export type PageMemory = Uint8Array[];

/** Arrays that are kept: of pages that are read, and of one that is written. */
const mostKept = 3;
/** A larger one was for a large row. */
const largestKept = 8 * 1024 * 1024;

/** An array of this size at least, with anything in it. */
export function takeMemory(memory: PageMemory, size: number): Uint8Array {
  const kept = memory.findIndex(({ length }) => length >= size);
  if (kept >= 0) return memory.splice(kept, 1)[0] as Uint8Array;
  // Memory that is not written to costs nothing.
  return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
}

/** Keeps an array that nobody reads any more, unless there are larger ones. */
export function keepMemory(memory: PageMemory, bytes: Uint8Array): void {
  if (bytes.length === 0 || bytes.length > largestKept) return;
  memory.push(bytes);
  memory.sort((one, other) => other.length - one.length);
  memory.length = Math.min(memory.length, mostKept);
}

/** What gives an array back, once. */
export function releaseOf(memory: PageMemory, bytes: Uint8Array): () => void {
  let isReleased = false;
  return () => {
    if (!isReleased) keepMemory(memory, bytes);
    isReleased = true;
  };
}
