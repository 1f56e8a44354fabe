import { expect, test } from 'vitest';
import { checkGuidelines, renewGenerated } from '../../src/guidelines/index.ts';
import { classText, connectorFolder, indexHead, manifest } from './connector-folder.ts';

const index = 'c8_source_few/index.ts';
const config = (more: string) => `{ url: { type: 'string', displayName: 'URL', description: 'Where.'${more} } }`;

test('the README is written, and about.json is not before there was a release; then all is current', async () => {
  await using folder = await connectorFolder({ 'about.json': null });
  await folder.write(index, indexHead + classText({ config: config('') }));
  expect(await renewGenerated(folder.path)).toEqual(['README.md']);
  expect(await folder.read('README.md')).toContain('| `url` | string |  |  | Where. |');
  expect(await renewGenerated(folder.path)).toEqual([]);
  expect(await checkGuidelines(folder.path)).toEqual([]);
});

test('about.json is renewed for a new version only, and not when the version does not allow the change', async () => {
  await using folder = await connectorFolder({
    'about.json': {
      packageName: manifest.name,
      version: manifest.version,
      type: 'source',
      config: [
        {
          name: 'url',
          type: 'string',
          displayName: 'URL',
          description: 'Where.',
          defaultValue: '',
          isMandatory: false,
        },
      ],
    },
    [index]: indexHead + classText({ config: config('') }),
  });
  await renewGenerated(folder.path);
  const released = await folder.read('about.json');
  await folder.write(index, indexHead + classText({ config: config(', isMandatory: true') }));
  await folder.write('package.json', { ...manifest, version: '0.1.1' });
  await renewGenerated(folder.path);
  expect(await folder.read('about.json')).toBe(released);
  expect(await checkGuidelines(folder.path, { only: ['compatible-config'] })).toHaveLength(1);
  await folder.write('package.json', { ...manifest, version: '0.2.0' });
  expect(await checkGuidelines(folder.path)).toMatchObject([{ rule: 'about-file', file: 'about.json' }]);
  expect(await renewGenerated(folder.path)).toEqual(['about.json']);
  expect(await folder.read('about.json')).toMatch(/^\{\n {2}"name": "Few",[\s\S]*\n\}\n$/);
  expect(await checkGuidelines(folder.path)).toEqual([]);
});

test('a README with the line ends of Windows keeps them', async () => {
  const readme = '# Few\r\n<!-- config -->\r\nold\r\n<!-- /config -->\r\nend\r\n';
  await using folder = await connectorFolder({ 'README.md': readme });
  expect(await renewGenerated(folder.path)).toEqual(['README.md']);
  expect(await folder.read('README.md')).toBe(
    '# Few\r\n<!-- config -->\r\n\r\nNo settings.\r\n\r\n<!-- /config -->\r\nend\r\n',
  );
});
