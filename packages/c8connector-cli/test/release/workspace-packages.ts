import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectConnectors } from '../../../../scripts/packages.mjs';

export const root = join(import.meta.dirname, '../../../..');

export interface WorkspacePackage {
  /** Relative to the root. */
  readonly folder: string;
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly private?: boolean;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
}

/** Every package of the project below a folder with the workspace's layout, by what pnpm-workspace.yaml says. */
export async function workspacePackages(folder = root): Promise<readonly WorkspacePackage[]> {
  const { packages } = parse(await readFile(join(folder, 'pnpm-workspace.yaml'), 'utf8'));
  const found = await Promise.all((packages as string[]).map((pattern) => foldersOf(folder, pattern)));
  const read = found.flat().map(async (path) => {
    const text = await readFile(join(folder, path, 'package.json'), 'utf8').catch(() => undefined);
    return text === undefined ? [] : [{ folder: path, manifest: JSON.parse(text) }];
  });
  return (await Promise.all(read)).flat();
}

/** Those that are released. */
export async function publicPackages(folder = root): Promise<readonly WorkspacePackage[]> {
  return (await workspacePackages(folder)).filter(({ manifest }) => manifest.private !== true);
}

async function foldersOf(folder: string, pattern: string): Promise<string[]> {
  if (!pattern.endsWith('/*')) return [pattern];
  if (pattern === 'connectors/*') return [...projectConnectors()];
  const room = pattern.slice(0, -2);
  const entries = await readdir(join(folder, room), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(room, name));
}
