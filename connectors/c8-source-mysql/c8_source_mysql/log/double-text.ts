/** Exponents from which on the server writes a short number with an exponent. */
const largestPlain = 15;
const smallestPlain = -14;

/** A double as the server writes it: the shortest digits, and an exponent only for very large and very small numbers. With `decimals`, exactly that many digits after the point. */
export function doubleText(value: number, decimals?: number): string {
  if (decimals !== undefined) return Math.abs(value) < 1e21 ? value.toFixed(decimals) : wholeText(value, decimals);
  if (!Number.isFinite(value)) throw new RangeError('a double is not a finite number');
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return Object.is(value, -0) ? '-0' : String(value);
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  // Where the point is, counted from before the first digit.
  const point = Number(exponent) + 1;
  const sign = value < 0 ? '-' : '';
  const isPlain = point >= smallestPlain && (point <= largestPlain || digits.length > point);
  if (!isPlain) return `${sign}${digits.length > 1 ? mantissa : digits}e${point - 1}`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function wholeText(value: number, decimals: number): string {
  return `${BigInt(value)}${decimals === 0 ? '' : `.${'0'.repeat(decimals)}`}`;
}
