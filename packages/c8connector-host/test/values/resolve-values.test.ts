import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/index.ts';
import { Lists } from '../connectors.ts';
import { openHost } from '../open-host.ts';

test('values come from the environment of the host and from files beside the config, and secrets are concealed', async () => {
  await using world = await openHost();
  await writeFile(join(world.folder, 'more.txt'), 'note\n');
  const config = { token: { $env: 'TOKEN' }, more: { $file: './more.txt' }, rows: 5 };
  expect(await resolveConfig(new Lists(), config, world.host, world.folder)).toEqual({
    token: 'quite-secret-token',
    more: 'note',
    rows: 5,
  });
  expect(world.host.mask('it is quite-secret-token')).toBe('it is [secret]');
});

test('an unavailable value is refused with its property, and the secrets beside it are concealed first', async () => {
  await using world = await openHost();
  const config = { token: 'other-secret-token', rows: { $env: 'constructor' }, more: { deep: [{ $env: 'NOT_SET' }] } };
  await expect(resolveConfig(new Lists(), config, world.host)).rejects.toMatchObject({
    code: 'config_invalid',
    problems: [
      { property: 'rows', message: 'the environment variable constructor is not set' },
      { property: 'more.deep[0]', message: 'the environment variable NOT_SET is not set' },
    ],
  });
  expect(world.host.mask('other-secret-token')).toBe('[secret]');
});

test('without a folder no file is read', async () => {
  await using world = await openHost();
  const config = { token: { $file: join(world.folder, 'token.txt') } };
  await writeFile(join(world.folder, 'token.txt'), 'read-from-a-file');
  await expect(resolveConfig(new Lists(), config, world.host)).rejects.toMatchObject({
    problems: [{ property: 'token', message: '$file can be given only in a file' }],
  });
});

const bytes = Buffer.from([0, 0x89, 0x50, 0xff, 0x0d, 0x0a]);

test.each([
  ['a text', 'Zoë\r\n', {}, 'Zoë'],
  ['a text with a byte order mark', '\uFEFFid\n', {}, '\uFEFFid'],
  ['the bytes of a text', 'Zoë\n', { as: 'base64' }, Buffer.from('Zoë\n').toString('base64')],
  ['bytes', bytes, { as: 'base64' }, bytes.toString('base64')],
  ['no bytes', '', { as: 'base64' }, ''],
])('a file contains %s', async (_, content, form, value) => {
  await using world = await openHost();
  await writeFile(join(world.folder, 'content'), content);
  const config = { token: 'quite-secret-token', more: { $file: 'content', ...form } };
  expect(await resolveConfig(new Lists(), config, world.host, world.folder)).toMatchObject({ more: value });
});

test.each([
  ['bytes', bytes],
  ['Latin-1', Buffer.from('Zoë', 'latin1')],
  ['UTF-16', Buffer.from('\uFEFFZoë', 'utf16le')],
])('a file that is not text is refused, with the option to use: %s', async (_, content) => {
  await using world = await openHost();
  const path = join(world.folder, 'content');
  await writeFile(path, content);
  const config = { token: { $file: 'content' } };
  const message = `the file ${path} is not text in UTF-8; store it as UTF-8, or give its bytes with { $file: …, as: base64 }`;
  await expect(resolveConfig(new Lists(), config, world.host, world.folder)).rejects.toMatchObject({
    name: 'ConfigError',
    problems: [{ property: 'token', message }],
  });
});

test.each([
  [{ $file: 'content', as: 'hex' }, 'as can only be base64'],
  [{ $file: 'content', as: null }, 'as can only be base64'],
  [{ $file: 'content', encoding: 'base64' }, '$file needs one text'],
  [{ $file: ['content'] }, '$file needs one text'],
  [{ $env: 'TOKEN', as: 'base64' }, '$env needs one text'],
])('a reference with other keys is refused: %j', async (token, message) => {
  await using world = await openHost();
  await expect(resolveConfig(new Lists(), { token }, world.host, world.folder)).rejects.toMatchObject({
    problems: [{ property: 'token', message: expect.stringContaining(message) }],
  });
});
