import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, type ConnectorType } from 'c8connector';
import { installedConnectors, isConnectorPath } from 'c8connector-host';
import type { Session } from '../session.ts';
import { type ConnectorNames, capitalized, namesOf, splitName } from './names.ts';

/** The folder of this program's package: two levels above, both from the sources and from the build. */
export const ownFolder = join(import.meta.dirname, '..', '..');

/** What is copied: the folder of a connector's sources, and the names of the connector. */
export interface Origin {
  readonly folder: string;
  readonly names: ConnectorNames;
  /** One of the samples that come with this program. */
  readonly isSample: boolean;
}

export function sampleOf(type: ConnectorType): Origin {
  return { folder: join(ownFolder, 'samples', `c8-${type}-sample`), names: namesOf(type, 'sample'), isSample: true };
}

/** Finds a connector by the name of its package or by a path. Throws a ConfigError when there is none, or it has no sources. */
export async function findOrigin(like: string, { folder: from, folders }: Session): Promise<Origin> {
  const folder = await realpath(
    isConnectorPath(like) ? resolve(from, like) : await installedFolder(like, folders),
  ).catch(() => refuse(`there is no folder ${resolve(from, like)}`, like));
  return { folder, names: await readNames(folder, like), isSample: false };
}

async function installedFolder(name: string, folders: readonly string[]): Promise<string> {
  const installed = await installedConnectors(folders);
  const found = installed.find(({ packageName }) => packageName === name);
  if (found !== undefined) return found.folder;
  const names = installed.map(({ packageName }) => packageName).join(', ');
  const hint = names === '' ? 'none is installed here' : `installed are ${names}`;
  return refuse(`unknown connector '${name}'; ${hint}; the folder of a connector is ./path`, name);
}

async function readNames(folder: string, like: string): Promise<ConnectorNames> {
  const manifest = await readFile(join(folder, 'package.json'), 'utf8').then(JSON.parse, () =>
    refuse(`${folder} has no package.json that can be read, so it is not a connector`, like),
  );
  const packageName = String(manifest?.name);
  const { type, name } = splitName(packageName.replace(/^@[^/]+\//, ''));
  if (type === undefined)
    return refuse(
      `the package '${packageName}' is not a connector: its name is not c8-source-…, c8-target-… or c8-integration-…`,
      like,
    );
  const moduleFolder = `c8_${type}_${name.replaceAll('-', '_')}`;
  const index = join(folder, moduleFolder, 'index.ts');
  const isThere = await stat(index).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere) {
    const remedy = 'Clone its repository, and give the path of its folder there: --like ./path';
    return refuse(`the package '${packageName}' has no sources to copy (no ${moduleFolder}/index.ts)`, like, remedy);
  }
  const text = await readFile(index, 'utf8');
  const className = /\bexport class (\w+)/.exec(text)?.[1] ?? refuse(`${index} exports no class`, like);
  const displayName = /\bname\s*[:=]\s*(['"`])(.+?)\1/.exec(text)?.[2] ?? name;
  const stem = className.endsWith(capitalized(type)) ? className.slice(0, -type.length) : className;
  return { type, packageName, moduleFolder, className, configType: `${stem}Config`, displayName };
}

function refuse(message: string, connector: string, remedy?: string): never {
  const options = { code: 'connector_unknown', details: { connector } } as const;
  throw new ConfigError(message, remedy === undefined ? options : { ...options, remedy });
}
