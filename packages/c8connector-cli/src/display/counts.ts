/** 1,234,567 */
export function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

/** 12.3 MB */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** 4.2 s, 3 min 20 s */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${count(Math.floor(seconds / 60))} min ${seconds % 60} s`;
}

/** Rows a second. */
export function rate(rows: number, milliseconds: number): string {
  return milliseconds <= 0 ? '' : count((rows / milliseconds) * 1000);
}
