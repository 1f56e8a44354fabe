import type { Check } from './check.ts';
import type { ConnectorContext } from './context.ts';
import { appearance, identity } from './identity.ts';
import { knownTypes, readableProperties, sensibleOptions, uniqueKeys, validDefaults } from './properties.ts';
import { goodConfig, missingProperties, wrongPassword } from './validation.ts';

/** What a connector of any type must pass. */
export const interfaceChecks: readonly Check<ConnectorContext>[] = [
  identity,
  appearance,
  uniqueKeys,
  readableProperties,
  knownTypes,
  sensibleOptions,
  validDefaults,
  goodConfig,
  wrongPassword,
  missingProperties,
];
