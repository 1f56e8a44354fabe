import { nearest } from '../config/nearest.ts';
import { parseConfig } from '../config/parse.ts';
import type { Action, AttributeType, IntegrationConnector, Schema } from '../interface/connector.ts';
import { ConfigError, isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { ConfigPropertyType } from '../interface/property.ts';

/** The action of that name. Throws a ConfigError `action_unknown` with the nearest one. */
export function findAction(integration: IntegrationConnector, name: string): Action {
  const found = integration.actions.find((action) => action.name === name);
  if (found !== undefined) return found;
  const names = integration.actions.map((action) => action.name);
  const close = nearest(name, names);
  const hint = close === undefined ? `it has ${names.join(', ')}` : `did you mean '${close}'?`;
  throw new ConfigError(`${integration.packageName} has no action '${name}'; ${hint}`, { code: 'action_unknown' });
}

/** Parses an input by the declaration of its action. Throws a ConfigError `input_invalid` that tells every property at fault. */
export function parseInput(action: Action, input: unknown, log: Log): unknown {
  try {
    const { config, warnings } = parseConfig(action.input, input);
    for (const warning of warnings) log.warn(`${action.name}: ${warning.message}`, { property: warning.property });
    return config;
  } catch (error) {
    if (!isC8Error(error) || error.code !== 'config_invalid') throw error;
    const { message, problems } = error as ConfigError;
    throw new ConfigError(message.replace(/^the config/, `the input of ${action.name}`), {
      code: 'input_invalid',
      problems,
      cause: error,
    });
  }
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
