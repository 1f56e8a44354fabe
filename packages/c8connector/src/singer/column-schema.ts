import type { ValueSchema } from '../interface/stream.ts';
import { isJsonObject } from './document.ts';
import { shownValue } from './shown.ts';

/**
 * The schema of a column in normal form: an object whose `type` is a text or a list of texts. `true`, which allows any value, becomes `{}`; `false`, which allows none, becomes
 * `{ not: {} }`. A `type` of null counts as absent, and a null in a list of types as the type "null": YAML and some programs write it without quotes. `refuse` makes the error from a description of the problem.
 */
export function columnSchema(property: unknown, refuse: (problem: string) => Error): ValueSchema {
  if (property === true) return {};
  if (property === false) return { not: {} };
  if (!isJsonObject(property)) throw refuse(`it is ${shownValue(property)}, not an object`);
  const { type, ...untyped } = property;
  if (type === null) return untyped;
  if (type === undefined || typeof type === 'string') return property;
  if (!Array.isArray(type)) throw refuse(`its type is ${shownValue(type)}, not a name`);
  if (type.every((name) => typeof name === 'string')) return property;
  const names = type.map((name) => (name === null ? 'null' : name));
  const other = names.find((name) => typeof name !== 'string');
  if (other !== undefined) throw refuse(`its types hold ${shownValue(other)}, which is not a name`);
  return { ...property, type: names };
}
