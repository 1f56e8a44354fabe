import { nearest } from '../config/nearest.ts';
import type { Action, AttributeType, IntegrationConnector, Schema } from '../interface/connector.ts';
import { ConfigError } from '../interface/errors.ts';
import type { ConfigPropertyType } from '../interface/property.ts';

/** The action of that name. Throws a ConfigError `action_unknown` that suggests the nearest name. */
export function findAction(integration: IntegrationConnector, name: string): Action {
  const found = integration.actions.find((action) => action.name === name);
  if (found !== undefined) return found;
  const names = integration.actions.map((action) => action.name);
  const close = nearest(name, names);
  const hint = close === undefined ? `it has ${names.join(', ')}` : `did you mean '${close}'?`;
  throw new ConfigError(`${integration.packageName} has no action '${name}'; ${hint}`, { code: 'action_unknown' });
}

const attributeTypes: Partial<Record<ConfigPropertyType, AttributeType>> = {
  integer: 'long',
  boolean: 'bool',
  array: 'object',
  object: 'object',
};

/** The input of an action in the form of a stream's schema. */
export function inputSchema({ name, input }: Action): Schema {
  return {
    name,
    attributes: input.map((property) => ({ name: property.name, type: attributeTypes[property.type] ?? 'string' })),
  };
}
