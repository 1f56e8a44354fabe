import type { ConfigProperty } from '../interface/property.ts';
import { defaultOf, hasDefault } from './parse.ts';
import { isSecretProperty } from './property.ts';
import { integerBounds, wholePattern } from './value.ts';

/** JSON Schema of draft 2020-12 as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of a config with its values in their declared types. It accepts what `parseConfig` accepts, except values that are still text. The rules of a property with
 * `when` are in an `if`/`then` of their own, since they apply only while its condition is true.
 */
export function configJsonSchema(
  properties: readonly ConfigProperty[],
  about: { readonly name?: string; readonly description?: string } = {},
): JsonSchema {
  const always = properties.filter(({ when }) => when === undefined);
  const conditions = properties.flatMap((property) => conditionalSchema(property, properties));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...(about.name === undefined ? {} : { title: about.name }),
    ...(about.description === undefined ? {} : { description: about.description }),
    type: 'object',
    properties: Object.fromEntries(
      properties.map((property) => [
        property.name,
        { ...annotations(property), ...(property.when === undefined ? constraints(property) : {}) },
      ]),
    ),
    required: always.filter(isRequired).map(({ name }) => name),
    ...(conditions.length === 0 ? {} : { allOf: conditions }),
    additionalProperties: true,
  };
}

function isRequired(property: ConfigProperty): boolean {
  return property.isMandatory && !hasDefault(property);
}

function annotations(property: ConfigProperty): JsonSchema {
  return {
    title: property.displayName,
    description: property.description,
    ...(hasDefault(property) ? { default: defaultOf(property) } : {}),
    ...(isSecretProperty(property) ? { writeOnly: true } : {}),
  };
}

function constraints(property: ConfigProperty): JsonSchema {
  const { pattern, type } = property;
  if (type === 'integer') return { type, ...integerBounds(property) };
  if (type === 'boolean' || type === 'object') return { type };
  if (type === 'array') return { type, items: itemSchema(property) };
  return {
    type: 'string',
    ...(property.isMandatory ? { minLength: 1 } : {}),
    ...textConstraints(property),
    ...(pattern === undefined ? {} : { pattern: wholePattern(pattern) }),
  };
}

function textConstraints({ type, options }: ConfigProperty): JsonSchema {
  if (type === 'options' && options !== undefined) return { enum: options };
  if (type === 'password' || type === 'email') return { format: type };
  if (type === 'date_iso8601') return { anyOf: [{ format: 'date' }, { format: 'date-time' }] };
  return {};
}

function itemSchema({ items }: ConfigProperty): JsonSchema {
  if (items?.type === 'integer') {
    return { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
  }
  return items?.type === 'object' ? { type: 'object' } : { type: 'string', minLength: 1 };
}

/** An object literal with this very key looks like a promise to linters. */
const consequence = 'then';

function conditionalSchema(property: ConfigProperty, properties: readonly ConfigProperty[]): JsonSchema[] {
  const conditions = conditionsOf(property, properties, []);
  if (conditions === undefined) return [];
  return [
    {
      if: conditions.length === 1 ? conditions[0] : { allOf: conditions },
      [consequence]: {
        properties: { [property.name]: constraints(property) },
        ...(isRequired(property) ? { required: [property.name] } : {}),
      },
    },
  ];
}

/** The conditions under which a property applies, with those of the properties that they refer to; undefined when it never or always applies. */
function conditionsOf(
  property: ConfigProperty,
  properties: readonly ConfigProperty[],
  path: readonly string[],
): JsonSchema[] | undefined {
  const { when } = property;
  if (when === undefined) return undefined;
  const other = properties.find(({ name }) => name === when.property);
  if (other === undefined || when.oneOf.length === 0 || path.includes(property.name)) return undefined;
  const own = {
    properties: { [other.name]: { enum: when.oneOf } },
    ...(hasDefault(other) && when.oneOf.some((value) => value === defaultOf(other)) ? {} : { required: [other.name] }),
  };
  if (other.when === undefined) return [own];
  const further = conditionsOf(other, properties, [...path, property.name]);
  return further === undefined ? undefined : [own, ...further];
}
