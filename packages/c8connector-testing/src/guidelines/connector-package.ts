import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from 'c8connector';
import { type ConnectorNames, connectorNames } from '../connector-names.ts';
import { parseObject } from '../values/json.ts';
import { type Built, buildConnector } from './build-connector.ts';
import { readSourceFile, type SourceFile } from './source-file.ts';

type Manifest = Readonly<Record<string, unknown>>;

/** The package that is checked. Slow work is done once, when a rule first needs it. */
export interface ConnectorPackage {
  /** Absolute path. */
  readonly folder: string;
  /** package.json; empty when it cannot be read. */
  readonly manifest: Manifest;
  /** Why package.json cannot be read. */
  readonly manifestProblem: string | undefined;
  /** Undefined when the package is not named like a connector. */
  readonly names: ConnectorNames | undefined;
  /** The folder of the sources: the one derived from the name, or else the only one named like it. */
  readonly moduleFolder: string | undefined;
  /** All files except installed, built and hidden ones, as relative paths with `/`. */
  readonly files: readonly string[];
  /** '' when there is no such file. */
  text(file: string): Promise<string>;
  /** The sources in the module folder and in `bin`. */
  sources(): Promise<readonly SourceFile[]>;
  /** The result of building the sources now, independent of `dist`. */
  built(): Promise<Built>;
}

/** Opens the package in a folder. Throws a ConfigError `call_invalid` when there is none. */
export async function openPackage(path: string, signal?: AbortSignal): Promise<ConnectorPackage> {
  const folder = await realpath(path).catch(() => noPackage(path));
  const manifestText = await readFile(join(folder, 'package.json'), 'utf8').catch(() => noPackage(path));
  const parsed = parseObject(manifestText);
  const manifest = typeof parsed === 'string' ? {} : parsed;
  const names = connectorNames(manifest.name);
  const files = await packageFiles(folder);
  const moduleFolder = moduleFolderOf(files, names);
  const text = async (file: string): Promise<string> => await readFile(join(folder, file), 'utf8').catch(() => '');
  let sources: Promise<readonly SourceFile[]> | undefined;
  let built: Promise<Built> | undefined;
  return {
    folder,
    manifest,
    manifestProblem: typeof parsed === 'string' ? parsed : undefined,
    names,
    moduleFolder,
    files,
    text,
    sources() {
      const isSource = (file: string): boolean =>
        /\.[cm]?[jt]sx?$/.test(file) &&
        !/\.d\.[cm]?ts$/.test(file) &&
        ((moduleFolder !== undefined && file.startsWith(`${moduleFolder}/`)) || file.startsWith('bin/'));
      sources ??= Promise.all(files.filter(isSource).map(async (file) => readSourceFile(file, await text(file))));
      return sources;
    },
    built() {
      built ??= buildConnector(folder, moduleFolder, signal);
      return built;
    },
  };
}

const notWritten = new Set(['node_modules', 'dist', 'coverage']);

/** The files of a package as its author wrote them, relative to its folder and with `/`, in order. Links are followed. */
async function packageFiles(folder: string): Promise<readonly string[]> {
  return (await filesIn(folder, '', new Set())).sort();
}

async function filesIn(folder: string, path: string, seen: Set<string>): Promise<string[]> {
  // A link to a parent folder would never end.
  const real = await realpath(join(folder, path));
  if (seen.has(real)) return [];
  seen.add(real);
  const found: string[] = [];
  for (const name of await readdir(join(folder, path))) {
    if (name.startsWith('.') || notWritten.has(name)) continue;
    const file = path === '' ? name : `${path}/${name}`;
    const entry = await stat(join(folder, file)).catch(() => undefined);
    if (entry?.isDirectory()) found.push(...(await filesIn(folder, file, seen)));
    else if (entry?.isFile()) found.push(file);
  }
  return found;
}

function moduleFolderOf(files: readonly string[], names: ConnectorNames | undefined): string | undefined {
  const found = new Set(files.map((file) => /^(c8_[^/]*)\//.exec(file)?.[1]).filter((name) => name !== undefined));
  if (names !== undefined && found.has(names.moduleFolder)) return names.moduleFolder;
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

function noPackage(path: string): never {
  throw new ConfigError(
    `'${resolve(path)}' is not the folder of a connector: it has no package.json that can be read`,
    {
      code: 'call_invalid',
      remedy: 'Give the folder of a connector; c8connector new makes one.',
    },
  );
}
