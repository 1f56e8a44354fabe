import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { about, configMarkdown } from 'c8connector';
import { expect, test } from 'vitest';
import { MemorySource } from '../../../c8connector/test/fixtures/memory-source.ts';
import { textProperty } from '../../../c8connector/test/fixtures/text-property.ts';
import { sourceChecks, sourceContext } from '../../src/index.ts';
import { integrationFindings, sourceFindings } from '../findings.ts';
import { programFile } from '../program-file.ts';

test('15 finds a property that only the last release had, and nothing without an about.json', async () => {
  await using file = await programFile('');
  const options = { packageFolder: file.folder, only: 15 };
  expect(await sourceFindings(() => ({ config: [] }), options)).toEqual([]);
  await writeFile(join(file.folder, 'about.json'), JSON.stringify(about(new MemorySource())));
  expect(await sourceFindings(() => ({}), options)).toEqual([]);
  const without = await sourceFindings(
    ({ config }) => ({ config: config.filter(({ name }) => name !== 'rows') }),
    options,
  );
  expect(without).toEqual([expect.stringMatching(/^15 .*found: 'rows' was removed/s)]);
  await writeFile(join(file.folder, 'about.json'), '{"config": 1}');
  expect(await sourceFindings(() => ({}), options)).toEqual([
    expect.stringContaining('about.json as --about prints it'),
  ]);
});

test('15 finds an action that was removed', async () => {
  await using file = await programFile('');
  const old = { config: [], actions: [{ name: 'shout', input: [] }] };
  await writeFile(join(file.folder, 'about.json'), JSON.stringify(old));
  expect(await integrationFindings(() => ({ config: [] }), { packageFolder: file.folder, only: 15 })).toEqual([
    expect.stringContaining("expected: action 'shout', which the last release had"),
  ]);
});

test('15 reports when no example can be made of what the last release accepted', async () => {
  await using file = await programFile('');
  const code = { ...textProperty, name: 'code', isMandatory: true, pattern: '(x|y)\\1' };
  const connector = () => Object.assign(new MemorySource(), { config: [code] });
  await writeFile(join(file.folder, 'about.json'), JSON.stringify(about(connector())));
  const notes: string[] = [];
  const context = sourceContext({ connector, config: {}, packageFolder: file.folder });
  for (const check of sourceChecks.filter(({ number }) => number === 15))
    await check.run({ ...context, note: (text) => notes.push(text) });
  expect(notes).toEqual([
    '15 compared the declarations of the config only: no example could be made that the last release took',
  ]);
});

test('16 finds a table that is not current, and a README.md without one', async () => {
  await using file = await programFile('');
  const options = { packageFolder: pathToFileURL(`${file.folder}/`), only: 16 };
  const readme = join(file.folder, 'README.md');
  expect(await sourceFindings(() => ({}), options)).toEqual([expect.stringContaining('a README.md in the package')]);
  await writeFile(readme, '# Memory\n');
  expect(await sourceFindings(() => ({}), options)).toEqual([expect.stringContaining('found: 0 times')]);
  expect(await sourceFindings(() => ({ config: [] }), options)).toEqual([]);
  const table = configMarkdown(new MemorySource().config);
  await writeFile(readme, `<!-- config -->\n\n${table}\n<!-- /config -->\n`);
  expect(await sourceFindings(() => ({}), options)).toEqual([]);
  await writeFile(readme, `<!-- config -->\n${table.replace('How many', 'How much')}<!-- /config -->\n`);
  expect(await sourceFindings(() => ({}), options)).toEqual([
    expect.stringMatching(/^16 .*expected: line 5 of the table/s),
  ]);
});
