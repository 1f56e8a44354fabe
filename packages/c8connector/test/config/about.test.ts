import { expect, it } from 'vitest';
import { about, aboutMarkdown } from '../../src/config/about.ts';
import type { C8Connector } from '../../src/interface/connector.ts';
import { property } from './property.ts';

const connector: C8Connector = {
  name: 'Acme',
  packageName: 'c8-source-acme',
  version: '1.2.3',
  type: 'source',
  description: 'Reads Acme.',
  logo: '',
  config: [property({ name: 'host', type: 'string', isMandatory: true, description: 'Host name.', group: 'Server' })],
  capabilities: ['about', 'catalog', 'discover', 'state'],
  reservedKeys: ['_key'],
  validate: async () => ({ ok: true, steps: [] }),
  samples: async () => [],
  schemas: async () => [],
};

it('is plain JSON with every constant member, and the settings of the Singer SDK', () => {
  const described = about(connector);
  expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  expect(Object.keys(described)).toEqual([
    'name',
    'packageName',
    'version',
    'type',
    'description',
    'logo',
    'capabilities',
    'reservedKeys',
    'config',
    'configSchema',
    'settings',
  ]);
  expect(described.settings).toEqual(described.configSchema);
  expect(described.configSchema).toMatchObject({ title: 'Acme', description: 'Reads Acme.', required: ['host'] });
  expect(described.config).toEqual([
    {
      name: 'host',
      type: 'string',
      displayName: 'host',
      isMandatory: true,
      isDynamic: false,
      description: 'Host name.',
      defaultValue: '',
      placeholderValue: '',
      group: 'Server',
    },
  ]);
});

it('reads as Markdown', () => {
  expect(aboutMarkdown(connector)).toBe(`# Acme

Reads Acme.

- Package: \`c8-source-acme\` 1.2.3
- Type: source
- Capabilities: about, catalog, discover, state
- Reserved columns: \`_key\`

## Config

**Server**

| Property | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| \`host\` | string | yes |  | Host name. |
`);
});

it('a connector without settings is described as such', () => {
  expect(aboutMarkdown({ ...connector, config: [], reservedKeys: [] })).toContain('## Config\n\nNo settings.\n');
});
