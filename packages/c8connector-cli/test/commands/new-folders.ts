import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type NewArguments, newConnector } from '../../src/commands/new.ts';
import { createSession } from '../../src/session.ts';

export const root = join(import.meta.dirname, '../../../..');
const session = await createSession({ 'log-level': 'silent' });
const folders: string[] = [];

/** Removes what was opened; for afterEach. */
export async function removeFolders(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
}

export async function openFolder() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'c8connector-new-')));
  folders.push(folder);
  return folder;
}

/** The root of a workspace without packages. */
export async function openWorkspace() {
  const folder = await openFolder();
  for (const name of ['biome.json', '.gitignore', 'pnpm-workspace.yaml'])
    await cp(join(root, name), join(folder, name));
  for (const name of ['connectors', '.changeset', 'packages/c8connector', 'packages/test-services'])
    await mkdir(join(folder, name), { recursive: true });
  for (const name of ['c8connector', 'test-services'])
    await writeFile(join(folder, 'packages', name, 'package.json'), '{}');
  const devDependencies = { '@types/node': 'catalog:', vitest: 'catalog:' };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ private: true, devDependencies }, null, 2)}\n`);
  return folder;
}

/** Calls the command from a folder and returns its output. */
export async function create(folder: string, args: NewArguments): Promise<string> {
  let printed = '';
  const print = async (text: string) => {
    printed += text;
  };
  expect(await newConnector(args, { ...session, folder, folders: [folder], print })).toBe(0);
  return printed;
}

/** Text of every file below a folder, by path. */
export async function textsIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = files.sort().map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}

/** Paths of everything below a folder. */
export const entriesOf = async (folder: string) => (await readdir(folder, { recursive: true })).sort();
