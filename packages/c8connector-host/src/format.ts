/** A number for people: `1,234,567`. Fractions are rounded. */
export function formatCount(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

/** A time for people: `85 ms`, `4.2 s`, `3 min 20 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${formatCount(Math.floor(seconds / 60))} min ${seconds % 60} s`;
}
