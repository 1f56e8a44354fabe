import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isIntegration } from 'c8connector';
import eventsSchema from 'c8connector/events.schema.json' with { type: 'json' };
import { loadConnector } from 'c8connector-host';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertFileSchema } from '../../src/schema/alert-file.ts';
import { configFileSchema } from '../../src/schema/config-file.ts';
import { connectionFileSchema } from '../../src/schema/connection-file.ts';
import { actionSchema } from '../../src/schema/endpoint.ts';
import { type Block, blocksOf, pages, placeOf, root } from './blocks.ts';
import { otherDocuments, walked } from './classified.ts';

const references = [
  'c8-source-postgres',
  'c8-source-mysql',
  'c8-target-s3',
  'c8-integration-slack',
  ...['source', 'target', 'integration'].map((type) => `./packages/c8connector-cli/samples/c8-${type}-sample`),
];
const connectors = await Promise.all(references.map((name) => loadConnector(name, { folders: [root] }, root)));
const ajv = new Ajv2020({ strict: false });
formats.default(ajv);

type Values = Readonly<Record<string, unknown>>;

/** A config in the docs may show a part of what is mandatory. */
const configs = connectors.map((connector) => ajv.compile({ ...configFileSchema(connector), required: [] }));
const inputs = connectors
  .filter(isIntegration)
  .flatMap(({ actions }) => actions)
  .map((action) => ajv.compile(actionSchema(action)));
const connection = ajv.compile(connectionFileSchema(connectors));
const alerts = ajv.compile(alertFileSchema(connectors));
const { $schema: _, ...eventSchema } = eventsSchema;
const event = ajv.compile(eventSchema);
const placeholder = { connector: './any', config: {} };

function isUsable(document: Values): boolean {
  if ('source' in document || 'target' in document) {
    return connection({ source: placeholder, target: placeholder, ...document });
  }
  if ('action' in document || 'alerts' in document) return alerts(document);
  if ('sequence' in document) return event(document);
  if ('type' in document) return ['SCHEMA', 'RECORD', 'STATE', 'ACTIVATE_VERSION'].includes(String(document.type));
  return [...configs, ...inputs].some((accepts) => accepts(document));
}

function documentsOf({ language, text }: Block): readonly Values[] {
  if (language === 'yaml') return [parse(text)];
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }
}

const documents = pages()
  .flatMap(blocksOf)
  .filter(({ language }) => language === 'json' || language === 'yaml');

describe('A document in the docs', () => {
  test.each(documents.map((block) => [placeOf(block), block] as const))(
    '%s is a config, an input, a connection, an alert or an event of ours, or Singer messages',
    (_, block) => {
      const [first = {}] = documentsOf(block);
      // The commands of a page that is walked read its files.
      if (walked.includes(block.page) && block.file !== undefined) return;
      if (Object.hasOwn(otherDocuments, Object.keys(first)[0] ?? '')) return;
      expect(documentsOf(block).filter((document) => !isUsable(document))).toEqual([]);
    },
  );

  test.each<[string, Values]>([
    ['a property that no connector has', { hots: 'db' }],
    ['a value that it does not take', { host: 'db', ssl_mode: 'never' }],
    ['a connection with an unknown key', { source: placeholder, stream: [] }],
    ['an event of no type', { version: 1, run: 'r', sequence: 1, at: '', type: 'never' }],
    ['an alert without an action of the integration', { connector: 'c8-integration-slack', action: 'shout' }],
  ])('with %s is found', (_, document) => {
    expect(isUsable(document)).toBe(false);
  });
});
