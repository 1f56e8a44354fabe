import { expect, test } from 'vitest';
import { openFolder } from '../program.ts';

test('about shows the properties as a table, as Markdown and as JSON', async () => {
  await using folder = await openFolder();
  const table = await folder.run(['about', './source.mjs']);
  expect(table.stdout).toContain('Lists: source, c8-source-lists 1.2.3');
  expect(table.stdout).toMatch(/│ token +│ password +│ yes +│ +│ Secret\. +│/);
  expect(table.stdout).toContain('One of fast, slow.');
  const markdown = await folder.run(['about', './source.mjs', '--format', 'markdown']);
  expect(markdown.stdout).toMatch(/^# Lists\n/);
  const json = JSON.parse((await folder.run(['about', './source.mjs', '--format', 'json'])).stdout);
  expect(json).toMatchObject({
    packageName: 'c8-source-lists',
    type: 'source',
    capabilities: ['about', 'catalog', 'discover', 'state'],
  });
});
