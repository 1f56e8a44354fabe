/** JSON lines on their way into a page. */
export interface Lines {
  bytes: Uint8Array;
  /** The position after the last line. */
  end: number;
  count: number;
}

/** Bytes of the first buffer: most pages of a log are small. */
const firstSize = 16 * 1024;

const nothing = new Uint8Array(0);

/** Lines without one yet. */
export function noLines(): Lines {
  return { bytes: nothing, end: 0, count: 0 };
}

/** Makes room for this many bytes after the last line. */
export function makeRoom(lines: Lines, size: number): void {
  const wanted = lines.end + size;
  if (wanted <= lines.bytes.length) return;
  // Memory that is not written to costs nothing.
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(wanted, 2 * lines.bytes.length, firstSize)).buffer);
  bytes.set(lines.bytes.subarray(0, lines.end));
  lines.bytes = bytes;
}

/** Takes the lines out; undefined when there are none. */
export function takeLines(lines: Lines): { readonly lines: Uint8Array; readonly count: number } | undefined {
  if (lines.count === 0) return undefined;
  const taken = { lines: lines.bytes.subarray(0, lines.end), count: lines.count };
  Object.assign(lines, noLines());
  return taken;
}
