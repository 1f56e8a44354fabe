import { readFile } from 'node:fs/promises';
import { configMarkdown } from 'c8connector';
import { describe, expect, it } from 'vitest';
import { SlackIntegration } from '../c8_integration_slack/index.ts';
import { type ActionName, type ActionScopes, scopes } from '../c8_integration_slack/scopes.ts';

const { actions } = new SlackIntegration();

function scopesText(name: string): string {
  const { needed, sometimes = {} }: ActionScopes = scopes[name as ActionName];
  const list = [
    ...needed.map((scope) => `\`${scope}\``),
    ...Object.entries(sometimes).map(([scope, why]) => `\`${scope}\` for ${why}`),
  ];
  return list.join(', ');
}

function table(): string {
  const rows = actions.map(
    ({ name, description }) =>
      `| [\`${name}\`](ACTIONS.md#${name.toLowerCase()}) | ${description} | ${scopesText(name)} |`,
  );
  return ['| Action | What it does | Scopes |', '| --- | --- | --- |', ...rows].join('\n');
}

function page(): string {
  const sections = actions.map(({ name, description, input, output, example }) => {
    const inputs = input.length === 0 ? 'It takes nothing.\n' : configMarkdown(input);
    const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;
    const summary = `${description} Scopes: ${scopesText(name)}.`;
    return `## ${name}\n\n${summary}\n\n${inputs}\nAn input:\n\n${json(example)}\n\nJSON Schema of the output:\n\n${json(output)}\n`;
  });
  const origin = '<!-- Generated from the declarations by test/docs.test.ts: renew it with vitest -u. -->';
  return `${origin}\n\n# Actions of c8-integration-slack\n\n${sections.join('\n')}`;
}

describe('The docs', () => {
  it('describe every action as it is declared', async () => {
    await expect(page()).toMatchFileSnapshot('../ACTIONS.md');
  });

  it('list every action with its scopes in the README', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    expect(/<!-- actions -->\n\n([\s\S]*?)\n\n<!-- \/actions -->/.exec(readme)?.[1]).toBe(table());
  });

  it('have an example of each action that is a valid input', async () => {
    for (const { name, example, input } of actions) {
      const names = input.map((property) => property.name);
      expect(
        Object.keys(example).filter((key) => !names.includes(key)),
        name,
      ).toEqual([]);
    }
  });
});
