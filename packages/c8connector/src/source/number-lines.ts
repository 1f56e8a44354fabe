import { growLines, type Lines } from '../jsonl/page-lines.ts';

const newline = 0x0a;
const brace = 0x7d;
const openBrace = 0x7b;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;

/** Digits of the largest number of 64 bits. */
const mostDigits = 19;

/** What each line gets as its last members. */
interface Numbering {
  /** Ends in a key and a colon, which the number follows. */
  readonly tail: string;
  /** The number of the first line; not negative. */
  readonly first: bigint;
}

/** Appends `count` JSON lines to `to`, each with the tail and its number as its last members. */
export function numberLines(to: Lines, lines: Uint8Array, count: number, { tail, first }: Numbering): void {
  const added = new TextEncoder().encode(tail);
  const digits = new TextEncoder().encode(String(first).padStart(mostDigits, '0'));
  const longest = String(first + BigInt(count)).length;
  growLines(to, lines.length + count * (added.length + longest + 3));
  const out = to.bytes;
  let written = to.end;
  let start = 0;
  while (start < lines.length) {
    const found = lines.indexOf(newline, start);
    const next = found === -1 ? lines.length : found + 1;
    // Lines may have white space after their brace, but it is rare.
    const end = lines[next - 2] === brace && found !== -1 ? next - 2 : lines.lastIndexOf(brace, next - 1);
    out.set(lines.subarray(start, end), written);
    written += end - start;
    if (lines[end - 1] !== openBrace) out[written++] = comma;
    for (let at = 0; at < added.length; at++) out[written++] = added[at] as number;
    let digit = 0;
    while (digits[digit] === zero && digit < mostDigits - 1) digit++;
    for (; digit < mostDigits; digit++) out[written++] = digits[digit] as number;
    addOne(digits);
    out[written++] = brace;
    out[written++] = newline;
    start = next;
  }
  to.end = written;
  to.count += count;
}

/** Increments the digits in place: formatting each number by divisions would be most of the work. */
function addOne(digits: Uint8Array): void {
  let place = digits.length - 1;
  while (digits[place] === nine && place > 0) digits[place--] = zero;
  digits[place] = (digits[place] as number) + 1;
}
