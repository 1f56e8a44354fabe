import type { ConfigProperty } from '../interface/property.ts';
import { nearest } from './nearest.ts';

/** A key that no property has, and the property that was most likely meant. */
export interface UnknownProperty {
  readonly property: string;
  readonly meant: string | undefined;
}

/** The keys that are not properties, in their order. `$schema`, which names the schema of a file for editors, is always allowed. */
export function unknownProperties(
  properties: readonly Pick<ConfigProperty, 'name'>[],
  keys: readonly string[],
): UnknownProperty[] {
  const names = properties.map(({ name }) => name);
  const known = new Set(names);
  return keys
    .filter((key) => key !== '$schema' && !known.has(key))
    .map((property) => ({ property, meant: nearest(property, names) }));
}
