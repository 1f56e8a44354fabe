import { ConfigError, type ErrorCode, nearest } from 'c8connector';
import { type DocumentFile, isObject } from './document.ts';

/** A text that must stand in a file; what is wrong with it becomes a problem at `path`. */
export function readText(value: unknown, path: string, what: string, problems: string[]): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  problems.push(`${path}: ${value === undefined ? 'is missing' : 'is wrong'}; give ${what}`);
  return '';
}

/** An object of properties, {} when it is left out. */
export function readProperties(value: unknown, path: string, problems: string[]): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  if ((value ?? undefined) !== undefined) problems.push(`${path}: must be an object of properties`);
  return {};
}

/** Each key that is not known is a problem, told with the nearest one. */
export function checkKeys(object: object, known: readonly string[], path: string, problems: string[]): void {
  for (const key of Object.keys(object).filter((candidate) => !known.includes(candidate))) {
    const close = nearest(key, known);
    problems.push(
      `${path}${key}: unknown key; ${close === undefined ? `known are ${known.join(', ')}` : `did you mean '${close}'?`}`,
    );
  }
}

/** Throws a ConfigError that tells all problems of a file, a line each. Nothing happens without problems. */
export function refuseProblems({ path, what, code }: DocumentFile & { code: ErrorCode }, problems: readonly string[]) {
  if (problems.length === 0) return;
  throw new ConfigError([`${what} ${path}:`, ...problems.map((problem) => `  ${problem}`)].join('\n'), {
    code,
    details: { file: path },
  });
}
