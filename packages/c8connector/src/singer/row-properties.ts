import { referencedSchema } from '../jsonl/schema-reference.ts';
import { isJsonObject } from './document.ts';

/** The most parts of a schema that are read; nobody describes a row in more. */
const mostParts = 1000;

/**
 * The columns that the schema of a row declares, by name: those of `properties`, and those of the schemas that `$ref`, `allOf`, `anyOf` and `oneOf` at its top level lead to. A column that several parts
 * declare may have a value that fits any of them.
 */
export function rowProperties(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const found = new Map<string, unknown[]>();
  const parts: unknown[] = [schema];
  const seen = new Set<unknown>();
  for (let at = 0; at < parts.length && at < mostParts; at++) {
    const part = parts[at];
    if (!isJsonObject(part) || seen.has(part)) continue;
    seen.add(part);
    for (const [name, property] of Object.entries(isJsonObject(part.properties) ? part.properties : {})) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [property]);
      else known.push(property);
    }
    if (typeof part.$ref === 'string') parts.push(referencedSchema(part.$ref, schema));
    for (const list of [part.allOf, part.anyOf, part.oneOf]) {
      if (Array.isArray(list)) parts.push(...list.slice(0, mostParts));
    }
  }
  const columns = [...found].map(([name, [first, ...others]]) => [
    name,
    others.length === 0 ? first : { anyOf: [first, ...others] },
  ]);
  return Object.fromEntries(columns);
}
