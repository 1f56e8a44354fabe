/**
 * Memory of released pages, reused for the next ones. With new memory for each page of a megabyte, the garbage collector would go through the whole heap every few pages, and Node 24 would spend more time
 * on allocating a page than on writing its rows.
 */
export type PageMemory = Uint8Array[];

/** How many arrays are kept: for the pages being read, and the one being written. */
const mostKept = 3;
/** Larger arrays, which only a large row needs, are not kept. */
const largestKept = 8 * 1024 * 1024;

/** An array of at least this size, with arbitrary content. */
export function takeMemory(memory: PageMemory, size: number): Uint8Array {
  const kept = memory.findIndex(({ length }) => length >= size);
  if (kept >= 0) return memory.splice(kept, 1)[0] as Uint8Array;
  // Unused memory costs nothing until it is written to.
  return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
}

/** Keeps an array that is no longer read, unless there are larger ones. */
export function keepMemory(memory: PageMemory, bytes: Uint8Array): void {
  if (bytes.length === 0 || bytes.length > largestKept) return;
  memory.push(bytes);
  memory.sort((one, other) => other.length - one.length);
  memory.length = Math.min(memory.length, mostKept);
}

/** A function that returns an array to the memory; only its first call counts. */
export function releaseOf(memory: PageMemory, bytes: Uint8Array): () => void {
  let isReleased = false;
  return () => {
    if (!isReleased) keepMemory(memory, bytes);
    isReleased = true;
  };
}
