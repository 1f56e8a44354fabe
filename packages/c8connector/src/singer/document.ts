import { parseValue } from '../jsonl/values.ts';

/** Parses a file that must hold one JSON object, with or without a byte order mark; `refuse` makes the error from a description of the problem. */
export function parseDocument(
  text: string,
  refuse: (reason: string, cause?: unknown) => Error,
): Readonly<Record<string, unknown>> {
  const json = text.replace(/^\uFEFF/, '');
  if (json.trim() === '') throw refuse('it is empty');
  let value: unknown;
  try {
    value = parseValue(json);
  } catch (cause) {
    throw refuse(`it is not JSON (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  if (!isJsonObject(value)) throw refuse('it is not a JSON object');
  return value;
}

/** Whether a parsed value is an object, and neither an array nor a number. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The largest accepted count, below 2^53, because stores reserve numbers ahead of those in use. */
const largestCount = 2 ** 52;

/** Whether a parsed value is a version, an epoch or a generation: a whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= largestCount;
}
