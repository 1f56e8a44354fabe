import { ConfigError, type ConfigProblem, nearest } from 'c8connector';
import { type DocumentFile, isObject, type Values } from './document.ts';

/** The problems of a document so far: the checks add to the list, so that a user sees all problems at once. */
export type Problems = ConfigProblem[];

/** Reads a required text. */
export function readText(value: unknown, property: string, what: string, problems: Problems): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  problems.push({ property, message: `${value === undefined ? 'is missing' : 'is wrong'}; give ${what}` });
  return '';
}

/** Reads an object of properties; {} when it is missing. */
export function readProperties(value: unknown, property: string, problems: Problems): Values {
  if (isObject(value)) return value;
  if (isGiven(value)) problems.push({ property, message: 'must be an object of properties' });
  return {};
}

/** Reports each unknown key, with the nearest known one. `path` is that of the object: '' or `source.`. */
export function checkKeys(object: object, known: readonly string[], path: string, problems: Problems): void {
  for (const key of Object.keys(object).filter((candidate) => !known.includes(candidate))) {
    const close = nearest(key, known);
    const hint = close === undefined ? `known are ${known.join(', ')}` : `did you mean '${close}'?`;
    problems.push({ property: `${path}${key}`, message: `unknown key; ${hint}` });
  }
}

/** A key without a value counts as missing. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Throws {@link documentError} when there are problems. */
export function refuseProblems(document: DocumentFile, problems: Problems): void {
  if (problems.length > 0) throw documentError(document, problems);
}

/** A ConfigError with all problems of a document, one per line. */
export function documentError({ path, what, code }: DocumentFile, problems: Problems): ConfigError {
  const lines = problems.map(({ property, message }) => `  ${property}: ${message}`);
  return new ConfigError([`${what} ${path}:`, ...lines].join('\n'), { code, problems, details: { file: path } });
}
