import { type C8Connector, isSource } from 'c8connector';
import { replicationMethods } from 'c8connector-host';
import { schemaKey } from './config-file.ts';
import { actionProperties, endpointSchema, sharedSchemas } from './endpoint.ts';
import type { Schema } from './reference.ts';

/** JSON Schema of connection files, with the configs of these connectors inside. */
export function connectionFileSchema(connectors: readonly C8Connector[]): Schema {
  const sources = connectors.filter(isSource);
  const targets = connectors.filter((connector) => !isSource(connector));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Connection',
    description: 'What c8connector sync copies, and where to.',
    type: 'object',
    properties: {
      ...schemaKey,
      source: { description: 'Where the rows come from.', ...endpointSchema(sources, {}, []) },
      target: { description: 'Where the rows go.', ...endpointSchema(targets, actionProperties, []) },
      streams: {
        description: 'What is copied; all streams when left out.',
        type: 'array',
        minItems: 1,
        items: { anyOf: [streamName, streamSelection] },
      },
      concurrency: {
        type: 'integer',
        minimum: 1,
        description: 'How many streams, or parts of them, are copied at once; 1 when left out.',
      },
      state: { type: 'string', minLength: 1, description: 'Path of the state file, relative to this one.' },
    },
    required: ['source', 'target'],
    additionalProperties: false,
    $defs: sharedSchemas(connectors),
  };
}

const streamName: Schema = {
  type: 'string',
  minLength: 1,
  description: 'Name of a stream, as discover shows it, or a pattern in which * stands for any characters.',
};

const streamSelection: Schema = {
  type: 'object',
  properties: {
    stream: streamName,
    replication_method: { enum: replicationMethods, description: 'What the source chooses when left out.' },
    replication_key: {
      type: 'string',
      minLength: 1,
      description: 'Column that says what is new, for INCREMENTAL. The only one that the source offers when left out.',
    },
    columns: {
      type: 'array',
      minItems: 1,
      items: { type: 'string' },
      description: 'All columns when left out; the key always comes along.',
    },
  },
  required: ['stream'],
  additionalProperties: false,
};
