import type { ConfigProperty } from '../../src/interface/property.ts';

/** A property with everything that a test does not care about. */
export function property(parts: Partial<ConfigProperty> & Pick<ConfigProperty, 'name' | 'type'>): ConfigProperty {
  return {
    displayName: parts.name,
    isMandatory: false,
    isDynamic: false,
    description: `The ${parts.name}.`,
    defaultValue: '',
    placeholderValue: '',
    ...parts,
  };
}
