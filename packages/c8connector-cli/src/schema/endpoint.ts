import { type Action, type C8Connector, type ConfigProperty, configJsonSchema, isIntegration } from 'c8connector';
import { configObjectSchema } from './config-file.ts';
import { consequence, referenceSchemas, type Schema } from './reference.ts';

/** The definitions that the schemas of endpoints refer to: the configs of all connectors by name, and references to values. */
export function sharedSchemas(connectors: readonly C8Connector[]): Readonly<Record<string, Schema>> {
  const configs = connectors.map((connector) => {
    const { $schema: _, ...schema } = configObjectSchema(connector);
    return [connector.packageName, schema] as const;
  });
  return { ...referenceSchemas, ...Object.fromEntries(configs) };
}

/** The properties of an endpoint whose connector may be an integration. */
export const actionProperties: Schema = {
  action: { type: 'string', minLength: 1, description: 'Name of what the integration does.' },
  input: { type: 'object', description: 'Input of the action, with {{name}} where values go.' },
};

/**
 * An object that names a connector and contains its config, with further `properties`: an endpoint of a connection, or an alert. An unknown connector, such as a
 * `./path`, may have any config.
 */
export function endpointSchema(
  connectors: readonly C8Connector[],
  properties: Schema,
  required: readonly string[],
): Schema {
  const names = connectors.map(({ packageName, description }) => ({ const: packageName, description }));
  return {
    type: 'object',
    properties: {
      connector: {
        description: 'Name of a package, or a ./path relative to this file.',
        anyOf: [...names, { type: 'string', minLength: 1 }],
      },
      config: { type: 'object', description: 'Properties of the connector.' },
      ...properties,
    },
    required: ['connector', ...required],
    additionalProperties: false,
    allOf: connectors.map((connector) => ({
      if: { properties: { connector: { const: connector.packageName } }, required: ['connector'] },
      [consequence]: endpointOf(connector),
    })),
  };
}

function endpointOf(connector: C8Connector): Schema {
  const config = { $ref: `#/$defs/${connector.packageName.replaceAll('/', '~1')}` };
  const needsConfig = (configObjectSchema(connector).required as readonly string[]).length > 0;
  const required = needsConfig ? ['config'] : [];
  if (!isIntegration(connector)) return { properties: { config }, required };
  const { actions } = connector;
  const action = { anyOf: actions.map(({ name, description }) => ({ const: name, description })) };
  return {
    properties: { config, action },
    required: [...required, 'action'],
    allOf: actions.map((each) => ({
      if: { properties: { action: { const: each.name } }, required: ['action'] },
      [consequence]: { properties: { input: actionSchema(each) } },
    })),
  };
}

/** JSON Schema of the input of an action in a file, where any value may be a template: it checks names and required properties, but no types. */
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
