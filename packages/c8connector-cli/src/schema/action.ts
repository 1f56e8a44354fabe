import { type Action, type ConfigProperty, configJsonSchema } from 'c8connector';
import type { Schema } from './reference.ts';

/** JSON Schema of the input of an action in a file, where any value may be a template: it knows names, and what must be there, but no types. */
export function actionSchema({ name, description, input }: Action): Schema {
  const { properties, required } = configJsonSchema(input, { name, description });
  return {
    type: 'object',
    properties: Object.fromEntries(input.map((property) => [property.name, offered(property, properties as Schema)])),
    required,
    additionalProperties: false,
  };
}

function offered({ name, options }: ConfigProperty, properties: Schema): Schema {
  const { title, description, default: standard } = properties[name] as Schema;
  return {
    title,
    description,
    ...(standard === undefined ? {} : { default: standard }),
    ...(options === undefined ? {} : { examples: options }),
  };
}
