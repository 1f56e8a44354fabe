import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { NewArguments } from '../../src/commands/new.ts';
import { create, entriesOf, openFolder, openWorkspace, removeFolders, root } from './new-folders.ts';

afterEach(removeFolders);

describe('new refuses', () => {
  const refusals: [string, NewArguments, string | RegExp][] = [
    ['nothing at all', {}, 'a new connector needs its type and its name'],
    ['a type alone', { type: 'source' }, 'a new connector needs its name'],
    ['a name alone', { name: 'acme' }, 'a new connector needs its type'],
    ['capitals', { type: 'source', name: 'Acme' }, "the name 'Acme' must be words of small letters"],
    ['a path', { type: 'source', name: '../acme' }, 'must be words'],
    ['a digit in front', { type: 'source', name: '3com' }, 'must be words'],
    ['two hyphens', { type: 'source', name: 'a--b' }, 'must be words'],
    ['a name too long', { type: 'source', name: 'a'.repeat(31) }, 'at most 30'],
    ['two types', { type: 'target', name: 'c8-source-acme' }, 'is the name of a source, and not of a target'],
    [
      'an unknown type',
      { type: 'sink', name: 'acme' },
      "'sink' is not a type of connector: use source, target, integration",
    ],
    ['the name of the sample', { type: 'source', name: 'sample' }, 'is the name of what is copied'],
    [
      'the name of the sample for a copy',
      { name: 'sample', like: join(root, 'connectors/c8-source-postgres') },
      'is the name of the sample',
    ],
    [
      'a copy of another type',
      { type: 'target', name: 'acme', like: join(root, 'connectors/c8-source-postgres') },
      /is a source, so a copy of it cannot be a target/,
    ],
    ['a copy of nothing', { name: 'acme', like: './nothing' }, 'there is no folder'],
    [
      'a copy of what is not a connector',
      { name: 'acme', like: join(root, 'packages/c8connector') },
      "the package 'c8connector' is not a connector",
    ],
    [
      'a copy of an unknown package',
      { name: 'acme', like: 'c8-source-nobody' },
      "unknown connector 'c8-source-nobody'",
    ],
  ];

  it.each(refusals)('%s', async (_what, args, message) => {
    const workspace = await openWorkspace();
    const before = await entriesOf(workspace);
    const failure = create(workspace, args);
    await expect(failure).rejects.toMatchObject({ name: 'ConfigError', exitCode: 2 });
    await expect(failure).rejects.toThrow(message);
    expect(await entriesOf(workspace)).toEqual(before);
  });

  it('a folder that already exists, even a link that leads nowhere', async () => {
    const workspace = await openWorkspace();
    await symlink('nowhere', join(workspace, 'connectors/c8-source-acme'));
    await expect(create(workspace, { type: 'source', name: 'acme' })).rejects.toThrow('c8-source-acme already exists');
  });

  it('a package that was installed without its sources, and suggests cloning the repository', async () => {
    const folder = await openFolder();
    const installed = join(folder, 'node_modules/c8-source-shop');
    await mkdir(join(installed, 'dist'), { recursive: true });
    await writeFile(join(installed, 'package.json'), JSON.stringify({ name: 'c8-source-shop', version: '2.0.0' }));
    await expect(create(folder, { name: 'acme', like: 'c8-source-shop' })).rejects.toMatchObject({
      message: expect.stringContaining("the package 'c8-source-shop' has no sources"),
      remedy: expect.stringContaining('Clone its repository'),
    });
    expect(await readdir(folder)).toEqual(['node_modules']);
  });
});
