import type { Check } from '../check.ts';
import type { ConnectorContext } from '../context.ts';
import { abortedWork } from './aborted.ts';
import { honestCapabilities } from './capabilities.ts';
import { compatibleConfig } from './compatible-config.ts';
import { conditions } from './conditions.ts';
import { configDocs } from './config-docs.ts';
import { configKeywords } from './config-keywords.ts';
import { dynamicProperties } from './dynamic-properties.ts';
import { groups } from './groups.ts';
import { appearance, identity } from './identity.ts';
import { openSchemas } from './open-schemas.ts';
import { programVerbs } from './program-verbs.ts';
import { knownTypes, readableProperties, sensibleOptions, uniqueKeys, validDefaults } from './properties.ts';
import { reservedColumns } from './reserved-columns.ts';
import { namedSecrets, secretDefaults } from './secret-properties.ts';
import { unreachableHost } from './unreachable.ts';
import { goodConfig, missingProperties, wrongPassword } from './validation.ts';

/** The checks of connectors of any type. */
export const interfaceChecks: readonly Check<ConnectorContext>[] = [
  identity,
  appearance,
  uniqueKeys,
  readableProperties,
  knownTypes,
  sensibleOptions,
  validDefaults,
  namedSecrets,
  secretDefaults,
  conditions,
  groups,
  reservedColumns,
  honestCapabilities,
  openSchemas,
  compatibleConfig,
  configDocs,
  configKeywords,
  dynamicProperties,
  goodConfig,
  wrongPassword,
  unreachableHost,
  missingProperties,
  abortedWork,
  programVerbs,
];
