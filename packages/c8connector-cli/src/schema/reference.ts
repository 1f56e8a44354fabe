import { type ConfigProperty, isSecretProperty } from 'c8connector';

/** JSON Schema as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

/** The keyword `then`: an object literal with this very key looks like a promise to linters. */
export const consequence = 'then';

/** The schemas of `{ $env }` and `{ $file }`, for the `$defs` of a schema that uses {@link orReference}. */
export const referenceSchemas: Readonly<Record<string, Schema>> = {
  environment: reference('$env', 'Name of an environment variable, whose value is meant.'),
  file: reference('$file', 'Path of a file, relative to this one, whose text is meant.', {
    as: { const: 'base64', description: 'Gives the bytes of the file in base64: for what is not text in UTF-8.' },
  }),
};

function reference(key: string, description: string, more: Schema = {}): Schema {
  return {
    type: 'object',
    description,
    properties: { [key]: { type: 'string', minLength: 1, description }, ...more },
    required: [key],
    additionalProperties: false,
  };
}

/** A value, or a reference to it. */
export function orReference(value: Schema): Schema {
  return { anyOf: [value, { $ref: '#/$defs/environment' }, { $ref: '#/$defs/file' }] };
}

/** The completion that an editor offers for a value: a variable for a secret, a file for a property that is the content of one. None for what people write themselves. */
export function offerOf(property: ConfigProperty, packageName: string): Schema {
  if (isSecretProperty(property)) return offer('$env', variableName(property, packageName));
  return property.type === 'file' ? offer('$file', `./${property.name}`) : {};
}

/** Editors insert a body of `defaultSnippets` that begins with ^ literally; a JSON object is also valid YAML. */
function offer(key: string, value: string): Schema {
  return { defaultSnippets: [{ label: `{ ${key}: ${value} }`, body: `^{ "\\${key}": "\${1:${value}}" }` }] };
}

/** `POSTGRES_PASSWORD` for the password of c8-source-postgres. */
function variableName({ name }: ConfigProperty, packageName: string): string {
  const service = packageName.replace(/^(?:@[^/]+\/)?c8-[a-z]+-/, '');
  return `${service}_${name}`.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}
