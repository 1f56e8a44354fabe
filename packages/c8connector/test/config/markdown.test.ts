import { expect, it } from 'vitest';
import { configMarkdown } from '../../src/config/markdown.ts';
import { property } from './property.ts';

it('has one row per property, and a table for each group', () => {
  const markdown = configMarkdown([
    property({ name: 'host', type: 'string', isMandatory: true, description: 'Host name.' }),
    property({ name: 'ssl_key', type: 'file', group: 'TLS', isSecret: true, description: 'Key of the client.' }),
    property({ name: 'port', type: 'integer', defaultValue: 5432, minimum: 1, maximum: 65_535, isMandatory: true }),
    property({ name: 'password', type: 'password', description: 'Password of the role.' }),
    property({
      name: 'ssl_mode',
      type: 'options',
      options: ['disable', 'require'],
      defaultValue: 'disable',
      group: 'TLS',
      description: 'Whether to encrypt.',
    }),
    property({
      name: 'names',
      type: 'array',
      isMandatory: true,
      when: { property: 'ssl_mode', oneOf: ['require'] },
      description: 'Names.',
    }),
  ]);
  expect(markdown).toBe(`| Property | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| \`host\` | string | yes |  | Host name. |
| \`port\` | integer |  | \`5432\` | The port. A number from 1 to 65535. |
| \`password\` | password |  |  | Password of the role. Secret. |
| \`names\` | array of string | while it counts |  | Names. Counts only while \`ssl_mode\` is \`require\`. |

**TLS**

| Property | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| \`ssl_key\` | file, secret |  |  | Key of the client. Secret. |
| \`ssl_mode\` | options |  | \`disable\` | Whether to encrypt. One of \`disable\`, \`require\`. |
`);
});

it('pipes, newlines and markup of texts do not break the table', () => {
  const markdown = configMarkdown([
    property({ name: 'sep', type: 'string', defaultValue: '|', pattern: 'a|`b`', description: 'A | or\n<b> \\.' }),
  ]);
  expect(markdown.split('\n')[2]).toBe(
    '| `sep` | string |  | `\\|` | A \\| or<br>&lt;b> \\\\. Must match `` a\\|`b` ``. |',
  );
});

it('a config without properties is empty', () => {
  expect(configMarkdown([])).toBe('');
});
