import { type C8Connector, isIntegration } from 'c8connector';
import { alertEvents } from 'c8connector-host';
import { schemaKey } from './config-file.ts';
import { actionProperties, endpointSchema, sharedSchemas } from './endpoint.ts';
import { consequence, type Schema } from './reference.ts';

/** JSON Schema of alert files, with the configs and actions of the integrations among these connectors inside: one alert, or several as `alerts`. */
export function alertFileSchema(connectors: readonly C8Connector[]): Schema {
  const integrations = connectors.filter(isIntegration);
  const properties = { ...actionProperties, on: events };
  const several = { type: 'array', minItems: 1, items: endpointSchema(integrations, properties, ['action']) };
  const { required, ...file } = endpointSchema(integrations, { ...schemaKey, ...properties, alerts: several }, [
    'action',
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Alerts',
    description: 'Where c8connector sync sends a message when a run has ended.',
    ...file,
    if: { required: ['alerts'] },
    [consequence]: { properties: Object.fromEntries(ofOne.map((name) => [name, false])) },
    else: { required },
    $defs: sharedSchemas(integrations),
  };
}

const ofOne = ['connector', 'config', 'action', 'input', 'on'];

const event: Schema = { enum: alertEvents };

const events: Schema = {
  description: 'What to send a message about; failure when left out.',
  type: 'array',
  minItems: 1,
  items: {
    anyOf: [
      event,
      {
        type: 'object',
        properties: { event, input: { type: 'object', description: 'Adds to the other input, and wins over it.' } },
        required: ['event'],
        additionalProperties: false,
      },
    ],
  },
};
