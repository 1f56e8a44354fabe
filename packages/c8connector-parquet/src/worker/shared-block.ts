import type { Block, ColumnValues } from '../columns.ts';
import { elementsEach } from '../encode/check-block.ts';

type Elements = Uint8Array | Int32Array | Float64Array;

/** Copies the first elements of an array into the memory, and returns the copy. */
type Place = <T extends Elements>(array: T, length: number) => T;

/** All arrays begin at a multiple of this, as arrays of doubles must. */
const alignment = 8;
const smallest = 64 * 1024;
/** The most bytes of memory that is shared, and kept for the next block. */
const largestShared = 8 * 1024 * 1024;

/** A block whose arrays are all in one buffer. */
export interface CopiedBlock {
  readonly block: Block;
  /** To be reused for another block. */
  readonly shared?: SharedArrayBuffer;
  /** To be transferred with the block. */
  readonly own?: ArrayBuffer;
}

/**
 * Copies the values of a checked block into `memory`, or into a larger buffer when it is too small. Copying costs less than transferring some twenty buffers in both directions,
 * which the garbage collectors of both threads would have to track. A large block gets its own buffer, which is transferred: shared memory is not counted, so the collector would not hurry to free it.
 */
export function shareBlock(block: Block, memory: SharedArrayBuffer | undefined): CopiedBlock {
  const needed = bytesOf(block);
  if (needed > largestShared) {
    const own = new ArrayBuffer(needed);
    return { block: copied(block, own), own };
  }
  const shared = memory !== undefined && memory.byteLength >= needed ? memory : newMemory(needed);
  return { block: copied(block, shared), shared };
}

function copied(block: Block, memory: ArrayBuffer | SharedArrayBuffer): Block {
  let at = 0;
  const columns = block.columns.map((values) =>
    placed(values, block.rows, (array, length) => {
      const copy = viewLike(array, memory, at, length);
      copy.set(array.subarray(0, length));
      at = aligned(at + copy.byteLength);
      return copy;
    }),
  );
  return { rows: block.rows, columns };
}

function bytesOf(block: Block): number {
  let bytes = 0;
  for (const values of block.columns)
    placed(values, block.rows, (array, length) => {
      bytes += aligned(length * array.BYTES_PER_ELEMENT);
      return array;
    });
  return bytes;
}

function newMemory(needed: number): SharedArrayBuffer {
  let size = smallest;
  while (size < needed) size *= 2;
  return new SharedArrayBuffer(size);
}

function placed(values: ColumnValues, count: number, place: Place): ColumnValues {
  const nulls = values.nulls === undefined ? {} : { nulls: place(values.nulls, count) };
  if (values.kind !== 'bytes' && values.kind !== 'list')
    return { ...values, ...nulls, values: place(values.values, count * elementsEach[values.kind]) } as ColumnValues;
  const ends = place(values.ends, count);
  const end = count === 0 ? 0 : (values.ends[count - 1] ?? 0);
  if (values.kind === 'bytes') return { ...values, ...nulls, ends, bytes: place(values.bytes, end) };
  return { ...values, ...nulls, ends, items: placed(values.items, end, place) };
}

function viewLike<T extends Elements>(
  array: T,
  memory: ArrayBuffer | SharedArrayBuffer,
  at: number,
  length: number,
): T {
  if (array instanceof Float64Array) return new Float64Array(memory, at, length) as Elements as T;
  if (array instanceof Int32Array) return new Int32Array(memory, at, length) as Elements as T;
  return new Uint8Array(memory, at, length) as Elements as T;
}

function aligned(at: number): number {
  return Math.ceil(at / alignment) * alignment;
}
