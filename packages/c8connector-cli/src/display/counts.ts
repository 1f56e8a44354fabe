import { formatCount } from 'c8connector-host';

/** 12.3 MB */
export function formatSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Rows per second; '' before any time has passed. */
export function formatRate(rows: number, milliseconds: number): string {
  return milliseconds <= 0 ? '' : formatCount((rows / milliseconds) * 1000);
}
