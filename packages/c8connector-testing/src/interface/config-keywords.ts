import type { ConfigProperty, ConfigPropertyType } from 'c8connector';
import { configJsonSchema, wholePattern } from 'c8connector';
import { type Check, errorText, Finding, shown } from '../check.ts';
import type { ConnectorContext } from '../context.ts';

const texts: readonly ConfigPropertyType[] = [
  'string',
  'date_iso8601',
  'email',
  'password',
  'oauth',
  'options',
  'file',
  'hidden',
];
const any: readonly ConfigPropertyType[] = [...texts, 'integer', 'boolean', 'array', 'object'];

/** The keywords of a property: the kind of their value, and the types of property that they apply to. */
const keywords: Readonly<Record<keyof ConfigProperty, readonly [kind: string, types: readonly ConfigPropertyType[]]>> =
  {
    name: ['string', any],
    type: ['string', any],
    displayName: ['string', any],
    isMandatory: ['boolean', any],
    isDynamic: ['boolean', any],
    description: ['string', any],
    defaultValue: ['string, number, boolean, array, object', any],
    placeholderValue: ['string', any],
    options: ['array', ['options']],
    group: ['string', any],
    isAdvanced: ['boolean', any],
    isSecret: ['boolean', any],
    when: ['object', any],
    minimum: ['number', ['integer']],
    maximum: ['number', ['integer']],
    pattern: ['string', texts],
    items: ['object', ['array']],
  };

/** 17 */
export const configKeywords: Check<ConnectorContext> = {
  number: 17,
  title: 'the config is plain data in the vocabulary of a form, and its JSON Schema is valid',
  where: 'config of the definition',
  async run({ connector: { config }, metaSchemas }) {
    for (const property of config) checkKeywords(property);
    // Other checks cover defaults and unknown types.
    const plain = config.map((property) => ({ ...property, defaultValue: '' }));
    const problem = metaSchemas.draft2020(configJsonSchema(plain));
    if (problem !== undefined) throw new Finding('a config whose JSON Schema is valid', problem);
  },
};

function checkKeywords(property: ConfigProperty): void {
  const { name, type, minimum, maximum, pattern, items, options } = property;
  for (const [key, value] of Object.entries(property)) {
    const [kinds, types] = keywords[key as keyof ConfigProperty] ?? [];
    if (kinds === undefined || types === undefined)
      throw new Finding(
        `property '${name}' with ${Object.keys(keywords).join(', ')}, which hosts can show`,
        `'${key}'`,
      );
    if (value === undefined) continue;
    const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
    if (!kinds.split(', ').includes(kind) && !(key === 'defaultValue' && value === null))
      throw new Finding(`property '${name}': ${key} as ${kinds}`, shown(value));
    if (any.includes(type) && !types.includes(type))
      throw new Finding(`property '${name}' of type ${type} without ${key}, which means nothing there`, shown(value));
  }
  for (const key of ['isMandatory', 'isDynamic'] as const) {
    if (typeof property[key] !== 'boolean')
      throw new Finding(`property '${name}': ${key} as true or false`, shown(property[key]));
  }
  for (const bound of [minimum, maximum]) {
    if (bound !== undefined && !Number.isSafeInteger(bound))
      throw new Finding(`property '${name}': bounds as whole numbers`, shown(bound));
  }
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    throw new Finding(`property '${name}': a minimum below the maximum`, `${minimum} and ${maximum}`);
  if (items !== undefined && !['string', 'integer', 'object'].includes(items.type))
    throw new Finding(`property '${name}': items of type string, integer or object`, shown(items.type));
  const odd = options?.find((option) => typeof option !== 'string' || option === '');
  if (odd !== undefined) throw new Finding(`property '${name}': options as texts that are not empty`, shown(odd));
  if (pattern !== undefined) checkPattern(name, pattern);
}

function checkPattern(name: string, pattern: string): void {
  try {
    new RegExp(wholePattern(pattern), 'u');
  } catch (error) {
    throw new Finding(`property '${name}': a pattern that is a regular expression`, errorText(error), { cause: error });
  }
}
