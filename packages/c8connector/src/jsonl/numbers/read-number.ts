import type { ExactNumber, NumberProblem } from './exact-number.ts';

/** The most digits of a decimal: 128 bits hold all numbers of 38 digits. */
const mostDigits = 38;
/** Digits that a double always holds. */
const plainDigits = 15;
/** Digits that 64 bits always hold. */
const shortDigits = 18;
/** How many digits are added to the words at once; the product with a word of 32 bits stays below 2^53. */
const pieceDigits = 6;
/** Larger exponents are treated like this one: no text has this many digits. */
const largestExponent = 1_000_000_000;

const zero = 0x30;
const minus = 0x2d;
const plus = 0x2b;
const point = 0x2e;

/**
 * Reads the text of a number from `start` to before `end` as an exact decimal with this many digits in total, at most 38, of which `scale` come after the point. It is written as in JSON; a plus sign, leading
 * zeros, and no digits on one side of the point are accepted too, since numbers in strings have them. `1.50`, `15e-1` and `0.15E+1` are the same. Returns whether the column can hold it exactly; otherwise
 * `number.problem` is the reason. No digit passes through a double that could change it.
 */
export function readNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  { precision, scale }: { readonly precision: number; readonly scale: number },
  number: ExactNumber,
): boolean {
  number.problem = undefined;
  return readPlain(bytes, start, end, precision, scale, number) || readAny(bytes, start, end, precision, scale, number);
}

/** The fast path: up to 18 digits, no exponent. False for anything else. */
function readPlain(
  bytes: Uint8Array,
  start: number,
  end: number,
  precision: number,
  scale: number,
  { words }: ExactNumber,
): boolean {
  const isNegative = bytes[start] === minus;
  const first = isNegative ? start + 1 : start;
  if (end - first > shortDigits + 1) return false;
  let head = 0;
  let tail = 0;
  let count = 0;
  let fraction = -1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] as number;
    const digit = byte ^ zero;
    if (digit <= 9) {
      if (count < plainDigits) head = head * 10 + digit;
      else tail = tail * 10 + digit;
      count++;
    } else if (byte === point && fraction < 0) fraction = end - at - 1;
    else return false;
  }
  const missing = scale - Math.max(fraction, 0);
  const digits = count + missing;
  // Leading zeros count as digits here, but not in the slow path.
  if (missing < 0 || count === 0 || digits > shortDigits || digits > precision) return false;
  const toHead = Math.min(missing, Math.max(plainDigits - count, 0));
  head *= powers[toHead] as number;
  if (digits <= plainDigits) putDouble(words, isNegative ? -head : head);
  else {
    putParts(words, head, powers[digits - plainDigits] as number, tail * (powers[missing - toHead] as number));
    if (isNegative) negate(words);
  }
  return true;
}

const powers = Array.from({ length: plainDigits + 1 }, (_, exponent) => 10 ** exponent);

function putDouble(words: Int32Array, value: number): void {
  const high = Math.floor(value / 4_294_967_296);
  words[0] = value | 0;
  words[1] = high;
  words[2] = value < 0 ? -1 : 0;
  words[3] = value < 0 ? -1 : 0;
}

/** Writes `head * factor + tail`, which has at most 18 digits, with at most 15 in the head: no product exceeds 2^53. */
function putParts(words: Int32Array, head: number, factor: number, tail: number): void {
  const high = Math.floor(head / 4_294_967_296);
  const low = (head - high * 4_294_967_296) * factor + tail;
  words[0] = low | 0;
  words[1] = high * factor + Math.floor(low / 4_294_967_296);
  words[2] = 0;
  words[3] = 0;
}

/** Where the significant digits of a text are. */
interface Digits {
  /** From the first digit that is not 0 to after the last one, including the point; equal when all are 0. */
  readonly first: number;
  readonly last: number;
  /** How many digits these are. */
  readonly count: number;
  /** The number is these digits times 10 to this power. */
  readonly exponent: number;
}

function readAny(
  bytes: Uint8Array,
  start: number,
  end: number,
  precision: number,
  scale: number,
  number: ExactNumber,
): boolean {
  const isSigned = bytes[start] === minus || bytes[start] === plus;
  const digits = digitsOf(bytes, isSigned ? start + 1 : start, end);
  if (digits === undefined) return failed(number, 'form');
  const zeros = digits.count === 0 ? 0 : digits.exponent + scale;
  if (zeros < 0) return failed(number, 'scale');
  if (digits.count + zeros > Math.min(precision, mostDigits)) return failed(number, 'digits');
  putDigits(number.words, bytes, digits, zeros);
  if (bytes[start] === minus) negate(number.words);
  return true;
}

function failed(number: ExactNumber, problem: NumberProblem): false {
  number.problem = problem;
  return false;
}

/** Undefined when the text is not a number. */
function digitsOf(bytes: Uint8Array, start: number, end: number): Digits | undefined {
  let first = -1;
  let last = -1;
  let digits = 0;
  let digitsAtFirst = 0;
  let digitsAtLast = 0;
  let whole = -1;
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === point && whole < 0) whole = digits;
    else if ((byte ^ zero) > 9) break;
    else {
      digits++;
      if (byte === zero) continue;
      if (first < 0) {
        first = at;
        digitsAtFirst = digits;
      }
      last = at;
      digitsAtLast = digits;
    }
  }
  const exponent = exponentOf(bytes, at, end);
  if (digits === 0 || exponent === undefined) return undefined;
  if (first < 0) return { first: start, last: start, count: 0, exponent: 0 };
  const count = digitsAtLast - digitsAtFirst + 1;
  return { first, last: last + 1, count, exponent: exponent + (whole < 0 ? digits : whole) - digitsAtLast };
}

/** The exponent after the digits, 0 when nothing follows them; undefined when something else follows. */
function exponentOf(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (start === end) return 0;
  if (((bytes[start] as number) | 0x20) !== 0x65) return undefined;
  const sign = bytes[start + 1];
  const first = sign === minus || sign === plus ? start + 2 : start + 1;
  if (first >= end) return undefined;
  let exponent = 0;
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] as number) ^ zero;
    if (digit > 9) return undefined;
    exponent = Math.min(exponent * 10 + digit, largestExponent);
  }
  return sign === minus ? -exponent : exponent;
}

function putDigits(words: Int32Array, bytes: Uint8Array, { first, last }: Digits, zeros: number): void {
  words.fill(0);
  let piece = 0;
  let length = 0;
  for (let at = first; at < last; at++) {
    const digit = (bytes[at] as number) ^ zero;
    if (digit > 9) continue;
    piece = piece * 10 + digit;
    length++;
    if (length < pieceDigits) continue;
    multiplyAdd(words, powers[length] as number, piece);
    piece = 0;
    length = 0;
  }
  multiplyAdd(words, powers[length] as number, piece);
  for (let left = zeros; left > 0; left -= pieceDigits)
    multiplyAdd(words, powers[Math.min(left, pieceDigits)] as number, 0);
}

function multiplyAdd(words: Int32Array, factor: number, addend: number): void {
  let carry = addend;
  for (let at = 0; at < words.length; at++) {
    const product = ((words[at] as number) >>> 0) * factor + carry;
    words[at] = product | 0;
    carry = Math.floor(product / 4_294_967_296);
  }
}

function negate(words: Int32Array): void {
  let carry = 1;
  for (let at = 0; at < words.length; at++) {
    const sum = (~(words[at] as number) >>> 0) + carry;
    words[at] = sum | 0;
    carry = sum > 0xffff_ffff ? 1 : 0;
  }
}
