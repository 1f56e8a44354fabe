import { lstat, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from 'c8connector';
import { parse } from 'yaml';

/** Where the folder of the new connector is created. */
export interface Place {
  readonly folder: string;
  /** The root of the workspace that the folder becomes part of; undefined for a standalone connector. */
  readonly workspace?: string;
}

/**
 * The folder given by `--folder`; otherwise `connectors/` of the workspace that encloses the user's folder, or else the user's folder itself. Throws a ConfigError `call_invalid` when
 * the place is taken.
 */
export async function findPlace(name: string, from: string, given: string | undefined): Promise<Place> {
  const start = given === undefined ? from : resolve(from, given);
  const workspace = await enclosingWorkspace(start);
  const room = workspace && join(workspace, 'connectors');
  const parent = given === undefined ? (room ?? from) : start;
  const folder = join(parent, name);
  const isThere = await lstat(folder).then(
    () => true,
    () => false,
  );
  if (isThere) {
    const remedy = 'Choose another name or another --folder, or remove it.';
    throw new ConfigError(`${folder} already exists`, { code: 'call_invalid', remedy, details: { folder } });
  }
  return workspace !== undefined && parent === room ? { folder, workspace } : { folder };
}

/** The nearest enclosing folder with a pnpm workspace that contains connectors and the core. */
export async function enclosingWorkspace(folder: string): Promise<string | undefined> {
  const { packages } = await readWorkspace(folder);
  const hasCore = await lstat(join(folder, 'packages', 'c8connector', 'package.json')).then(
    () => true,
    () => false,
  );
  if (hasCore && packages.includes('connectors/*')) return folder;
  return dirname(folder) === folder ? undefined : await enclosingWorkspace(dirname(folder));
}

/** The parts of pnpm-workspace.yaml that are read here. */
export interface WorkspaceFile {
  readonly packages: readonly string[];
  readonly catalog: Readonly<Record<string, string>>;
  /** Packages whose scripts may run when they are installed. */
  readonly allowBuilds: Readonly<Record<string, boolean>>;
}

/** Reads pnpm-workspace.yaml of a folder; all parts are empty when the file is missing. */
export async function readWorkspace(folder: string): Promise<WorkspaceFile> {
  const text = await readFile(join(folder, 'pnpm-workspace.yaml'), 'utf8').catch(() => '');
  return { packages: [], catalog: {}, allowBuilds: {}, ...parse(text) };
}
