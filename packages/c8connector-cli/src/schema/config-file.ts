import { type C8Connector, configJsonSchema } from 'c8connector';
import { consequence, offerOf, orReference, referenceSchemas, type Schema } from './reference.ts';

/** JSON Schema of the config files of a connector, as the command line reads them: a value may be a reference, and `$schema` is allowed beside the properties. */
export function configFileSchema(connector: C8Connector): Schema {
  const { $schema, title, description, ...schema } = configObjectSchema(connector);
  return {
    $schema,
    title: `Config of ${connector.packageName} ${connector.version}`,
    description,
    ...schema,
    properties: { ...schemaKey, ...(schema.properties as Schema) },
    $defs: referenceSchemas,
  };
}

/** The key with which a file names its schema for an editor. */
export const schemaKey: Schema = {
  $schema: { type: 'string', description: 'Path or address of the JSON Schema of this file, for editors.' },
};

/** The same as a part of another schema, whose `$defs` contain {@link referenceSchemas}. */
export function configObjectSchema({ config, name, description, packageName }: C8Connector): Schema {
  const schema = configJsonSchema(config, { name, description });
  const { allOf } = schema as { readonly allOf?: readonly Schema[] };
  const all = schema.properties as Schema;
  const offers = new Map(config.map((property) => [property.name, offerOf(property, packageName)]));
  /** Conditional constraints of a property are separate from its other ones. */
  const inFile = (constraints: unknown, name: string): Schema =>
    withReferences({ ...(all[name] as Schema), ...(constraints as Schema) }, offers.get(name));
  const conditional = ({ [consequence]: outcome, ...condition }: Schema): Schema => {
    const { properties, ...rest } = outcome as Schema;
    return { ...condition, [consequence]: { properties: mapped(properties as Schema, inFile), ...rest } };
  };
  return {
    ...schema,
    properties: mapped(all, inFile),
    ...(allOf === undefined ? {} : { allOf: allOf.map(conditional) }),
    // A config may have unknown properties, but most often they are typos.
    additionalProperties: false,
  };
}

const annotations: readonly string[] = ['title', 'description', 'default', 'writeOnly'];

function withReferences(property: Schema, offer: Schema = {}): Schema {
  const isAnnotation = ([key]: readonly [string, unknown]): boolean => annotations.includes(key);
  const entries = Object.entries(property);
  const { items, ...constraints } = Object.fromEntries(entries.filter((entry) => !isAnnotation(entry)));
  const value = items === undefined ? constraints : { ...constraints, items: orReference(items as Schema) };
  const isFree = Object.keys(value).length === 0;
  return { ...Object.fromEntries(entries.filter(isAnnotation)), ...offer, ...(isFree ? {} : orReference(value)) };
}

function mapped(properties: Schema, change: (property: unknown, name: string) => Schema): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, change(property, name)]));
}
