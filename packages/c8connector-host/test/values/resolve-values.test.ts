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

test('a value that is not to be had is refused with its property, and the secrets beside it are concealed first', async () => {
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
