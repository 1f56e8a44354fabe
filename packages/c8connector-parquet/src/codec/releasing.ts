/** Node 20 lacks it. */
interface Transferable extends ArrayBuffer {
  /** Moves the bytes, as many as fit, to a new buffer. */
  transfer?(length: number): ArrayBuffer;
}

/** The least memory of a result: smaller ones of Node may share theirs with others. */
const leastMemory = 64 * 1024;

/**
 * A compressor that is made of one of Node's. It releases the memory of each result at the next call, where Node can: the garbage collector would let sixty megabytes of results gather first. `compress` is given
 * the size of the pieces of a result, so that there is only one.
 */
export function releasing(
  compress: (page: Uint8Array, chunkSize: number) => Uint8Array,
): (page: Uint8Array) => Uint8Array {
  let last: Transferable | undefined;
  return (page) => {
    if (last !== undefined && last.byteLength >= leastMemory) last.transfer?.(0);
    const result = compress(page, Math.max(leastMemory, page.length + (page.length >> 7) + 1024));
    last = result.buffer as Transferable;
    return result;
  };
}
