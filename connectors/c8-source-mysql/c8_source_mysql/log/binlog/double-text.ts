/** Exponents from which on the server writes a short number with an exponent. */
const largestPlain = 15;
const smallestPlain = -14;

/** A double as the server writes it: the shortest digits, and an exponent only for very large and very small numbers. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('a double is not a finite number');
  const size = Math.abs(value);
  // JavaScript writes these the same way.
  if (size < 1e15 && size >= 1e-6) return String(value);
  if (size === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponent = '0'] = size.toExponential().split('e');
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
