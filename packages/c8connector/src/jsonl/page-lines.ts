import { keepMemory, type PageMemory, releaseOf, takeMemory } from './page-memory.ts';

/** JSON lines that are buffered for a page. */
export interface Lines {
  bytes: Uint8Array;
  /** The position after the last line. */
  end: number;
  count: number;
  readonly memory: PageMemory;
}

/** Bytes of the first buffer: most pages of a log are small. */
const firstSize = 16 * 1024;

const nothing = new Uint8Array(0);

/** An empty buffer of lines. */
export function noLines(memory: PageMemory): Lines {
  return { bytes: nothing, end: 0, count: 0, memory };
}

/** Makes room for `size` bytes after the last line. */
export function growLines(lines: Lines, size: number): void {
  const wanted = lines.end + size;
  if (wanted <= lines.bytes.length) return;
  const bytes = takeMemory(lines.memory, Math.max(wanted, 2 * lines.bytes.length, firstSize));
  bytes.set(lines.bytes.subarray(0, lines.end));
  keepMemory(lines.memory, lines.bytes);
  lines.bytes = bytes;
}

/** A page of lines. */
export interface TakenLines {
  readonly lines: Uint8Array;
  readonly count: number;
  readonly release: () => void;
}

/** Takes the lines out and empties the buffer; undefined if there are no lines. */
export function takeLines(lines: Lines): TakenLines | undefined {
  const { bytes, end, count, memory } = lines;
  if (count === 0) return undefined;
  Object.assign(lines, noLines(memory));
  return { lines: bytes.subarray(0, end), count, release: releaseOf(memory, bytes) };
}
