/** JSON lines on their way into a page. */
export interface Lines {
  bytes: Uint8Array;
  /** The position after the last line. */
  end: number;
  count: number;
  readonly memory: LinesMemory;
}

/** Memory of pages that were taken, for the next ones of any table: with new memory for each, the garbage collector would go through the whole heap for every few pages. */
export type LinesMemory = Uint8Array[];

/** Bytes of the first buffer: most pages of a log are small. */
const firstSize = 16 * 1024;
/** Arrays that are kept: of one page that is read, and of one that is written. Larger ones were for a large row. */
const mostKept = 2;
const largestKept = 8 * 1024 * 1024;

const nothing = new Uint8Array(0);

/** Lines without one yet. */
export function noLines(memory: LinesMemory): Lines {
  return { bytes: nothing, end: 0, count: 0, memory };
}

/** Makes room for this many bytes after the last line. */
export function makeRoom(lines: Lines, size: number): void {
  const wanted = lines.end + size;
  if (wanted <= lines.bytes.length) return;
  const bytes = newBytes(lines, Math.max(wanted, 2 * lines.bytes.length, firstSize));
  bytes.set(lines.bytes.subarray(0, lines.end));
  keep(lines.memory, lines.bytes);
  lines.bytes = bytes;
}

function newBytes({ memory }: Lines, size: number): Uint8Array {
  const kept = memory.findIndex(({ length }) => length >= size);
  if (kept >= 0) return memory.splice(kept, 1)[0] as Uint8Array;
  // Memory that is not written to costs nothing.
  return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
}

function keep(memory: LinesMemory, bytes: Uint8Array): void {
  if (bytes.length === 0 || bytes.length > largestKept) return;
  memory.push(bytes);
  memory.sort((one, other) => other.length - one.length);
  memory.length = Math.min(memory.length, mostKept);
}

/** A page of lines, with what takes its memory back. */
export interface TakenLines {
  readonly lines: Uint8Array;
  readonly count: number;
  readonly reuse: () => void;
}

/** Takes the lines out; undefined when there are none. */
export function takeLines(lines: Lines): TakenLines | undefined {
  const { bytes, end, count, memory } = lines;
  if (count === 0) return undefined;
  Object.assign(lines, noLines(memory));
  return { lines: bytes.subarray(0, end), count, reuse: () => keep(memory, bytes) };
}
