import type { ConfigProperty } from '../../src/interface/property.ts';

/** A property with everything that a test does not care about. */
export function property(facts: Partial<ConfigProperty> & Pick<ConfigProperty, 'name' | 'type'>): ConfigProperty {
  return {
    displayName: facts.name,
    isMandatory: false,
    isDynamic: false,
    description: `The ${facts.name}.`,
    defaultValue: '',
    placeholderValue: '',
    ...facts,
  };
}
