import { ConfigError, type ConfigProblem, nearest } from 'c8connector';
import { type DocumentFile, isObject, type Values } from './document.ts';

/** What is wrong with a document so far: the checks add to it, so that a user sees all of it at once. */
export type Problems = ConfigProblem[];

/** A text that must be in a document. */
export function readText(value: unknown, property: string, what: string, problems: Problems): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  problems.push({ property, message: `${value === undefined ? 'is missing' : 'is wrong'}; give ${what}` });
  return '';
}

/** An object of properties, {} when it is missing. */
export function readProperties(value: unknown, property: string, problems: Problems): Values {
  if (isObject(value)) return value;
  if (isGiven(value)) problems.push({ property, message: 'must be an object of properties' });
  return {};
}

/** Each key that is not known is a problem, with the nearest one that is. `path` is that of the object: '' or `source.`. */
export function checkKeys(object: object, known: readonly string[], path: string, problems: Problems): void {
  for (const key of Object.keys(object).filter((candidate) => !known.includes(candidate))) {
    const close = nearest(key, known);
    const hint = close === undefined ? `known are ${known.join(', ')}` : `did you mean '${close}'?`;
    problems.push({ property: `${path}${key}`, message: `unknown key; ${hint}` });
  }
}

/** A key without a value counts as one that is missing. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Throws {@link documentError} when there are problems. */
export function refuseProblems(document: DocumentFile, problems: Problems): void {
  if (problems.length > 0) throw documentError(document, problems);
}

/** A ConfigError with all problems of a document, a line each. */
export function documentError({ path, what, code }: DocumentFile, problems: Problems): ConfigError {
  const lines = problems.map(({ property, message }) => `  ${property}: ${message}`);
  return new ConfigError([`${what} ${path}:`, ...lines].join('\n'), { code, problems, details: { file: path } });
}
