import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type C8Connector, ConfigError, ConnectorError, isC8Connector, isC8Error, nearest } from 'c8connector';
import { entryModule } from './entry-module.ts';
import { installedConnectors } from './installed.ts';

/** Where names and paths of connectors are looked up. */
export interface LookupFolders {
  /** Packages: here and in the folders above. */
  readonly packages: string;
  /** `./paths` are relative to this. */
  readonly paths: string;
}

/**
 * Loads a connector by the name of its package, or by the `./path` of a package or a module. Throws a ConfigError `connector_unknown` when there is none,
 * and a ConnectorError when it cannot be loaded or its module does not export exactly one connector.
 */
export async function loadConnector(reference: string, folders: LookupFolders): Promise<C8Connector> {
  const path = isPath(reference) ? await modulePath(reference, folders) : await packageModule(reference, folders);
  return connectorOf(reference, await importModule(reference, path));
}

function isPath(reference: string): boolean {
  return /^\.{1,2}(?:[/\\]|$)/.test(reference) || isAbsolute(reference);
}

async function modulePath(reference: string, folders: LookupFolders): Promise<string> {
  const path = resolve(folders.paths, reference);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw unknown(reference, `there is nothing at ${path}`);
  if (!found.isDirectory()) return path;
  return (await entryModule(path)) ?? notBuilt(reference, path);
}

async function packageModule(reference: string, folders: LookupFolders): Promise<string> {
  const installed = await installedConnectors(folders.packages);
  const connector = installed.find(({ packageName }) => packageName === reference);
  if (connector !== undefined) return (await entryModule(connector.folder)) ?? notBuilt(reference, connector.folder);
  const names = installed.map(({ packageName }) => packageName);
  const close = nearest(reference, names);
  if (close !== undefined) throw unknown(reference, `did you mean '${close}'?`);
  throw unknown(reference, names.length === 0 ? 'none is installed here' : `installed are ${names.join(', ')}`);
}

function notBuilt(reference: string, folder: string): never {
  throw unloadable(reference, `${folder} has no module where its package.json says; is it built?`);
}

async function importModule(reference: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (isC8Error(error)) throw error;
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw unloadable(reference, reason, error);
  }
}

function connectorOf(reference: string, module: Readonly<Record<string, unknown>>): C8Connector {
  const classes = [...new Set(Object.values(module))].filter(isClass);
  const connectors = classes.map(instanceOf).filter(isC8Connector);
  const [connector] = connectors;
  if (connector !== undefined && connectors.length === 1) return connector;
  const found = connectors.map(({ packageName }) => packageName).join(', ');
  const what = connector === undefined ? 'no class that implements C8Connector' : `more than one connector (${found})`;
  throw new ConnectorError(`connector '${reference}': its module exports ${what}; it must export exactly one`, {
    code: 'contract_broken',
  });
}

/** Only what is written as a class: other functions would do their work when they are called. */
function isClass(value: unknown): value is new () => unknown {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function instanceOf(candidate: new () => unknown): unknown {
  try {
    return new candidate();
  } catch (error) {
    // A class that wants arguments is none of ours; one of ours that breaks its contract says so.
    if (isC8Error(error)) throw error;
    return undefined;
  }
}

function unknown(reference: string, hint: string): ConfigError {
  return new ConfigError(`unknown connector '${reference}'; ${hint}`, {
    code: 'connector_unknown',
    details: { connector: reference },
  });
}

function unloadable(reference: string, reason: string, cause?: unknown): ConnectorError {
  return new ConnectorError(`connector '${reference}' cannot be loaded: ${reason}`, {
    code: 'connector_unloadable',
    cause,
    details: { connector: reference },
  });
}
