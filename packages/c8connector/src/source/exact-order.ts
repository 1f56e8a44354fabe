/** A number as an integer and how many of its last digits come after the point. */
interface ExactNumber {
  readonly digits: bigint;
  readonly scale: number;
}

/** Numbers with a larger exponent are not compared. */
const largestExponent = 5000;

/** Compares two numbers by their text, without a double: below 0, 0 or above 0. Undefined when one of them is not a number, or is too large to compare. */
export function compareExact(one: string, other: string): number | undefined {
  const [a, b] = [exactNumber(one), exactNumber(other)];
  if (a === undefined || b === undefined) return undefined;
  const scale = Math.max(a.scale, b.scale);
  const left = a.digits * 10n ** BigInt(scale - a.scale);
  const right = b.digits * 10n ** BigInt(scale - b.scale);
  return left < right ? -1 : Number(left > right);
}

function exactNumber(text: string): ExactNumber | undefined {
  const [, sign = '', whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === undefined || Math.abs(Number(exponent)) > largestExponent) return undefined;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}
