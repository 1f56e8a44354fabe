const newline = 0x0a;
const brace = 0x7d;
const openBrace = 0x7b;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;

/** Digits of the largest number of 64 bits. */
const mostDigits = 19;

/** Appends members to each of the JSON lines: `tail`, which ends in a key and a colon, and then the number of the line, counted from `first`, which is not negative. */
export function numberLines(lines: Uint8Array, count: number, tail: string, first: bigint): Uint8Array {
  const added = new TextEncoder().encode(tail);
  const digits = new TextEncoder().encode(String(first).padStart(mostDigits, '0'));
  const out = Buffer.allocUnsafe(lines.length + count * (added.length + mostDigits + 3));
  let written = 0;
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
  return new Uint8Array(out.buffer, out.byteOffset, written);
}

/** Increments the digits in place: formatting each number by divisions would be most of the work. */
function addOne(digits: Uint8Array): void {
  let place = digits.length - 1;
  while (digits[place] === nine && place > 0) digits[place--] = zero;
  digits[place] = (digits[place] as number) + 1;
}
