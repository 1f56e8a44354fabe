import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type C8Connector, ConfigError, ConnectorError, isC8Connector, isC8Error, nearest } from 'c8connector';
import type { Host } from '../host.ts';
import { entryModule, installedConnectors } from './installed.ts';

/**
 * Finds and loads a connector by the name of its package, or by the `./path` of a package or a module. Paths are relative to `folder`; without a folder no path is
 * loaded. Throws a ConfigError `connector_unknown` when there is no such connector, and a ConnectorError when it cannot be loaded or when its module does
 * not export exactly one.
 */
export async function loadConnector(
  reference: string,
  host: Pick<Host, 'connectors' | 'folders'>,
  folder?: string,
): Promise<C8Connector> {
  const brought = host.connectors?.find(({ packageName }) => packageName === reference);
  if (brought !== undefined) return brought;
  const path = isConnectorPath(reference) ? await modulePath(reference, folder) : await packageModule(reference, host);
  return connectorOf(reference, await importModule(reference, path));
}

/**
 * Every connector that the host provides or that is installed, in the order of their names. One that cannot be loaded is left out and passed to `onError`, so that it
 * does not hide the others.
 */
export async function loadAllConnectors(
  host: Pick<Host, 'connectors' | 'folders'>,
  onError: (packageName: string, error: unknown) => void,
): Promise<readonly C8Connector[]> {
  const found = [...(host.connectors ?? []), ...(await installedConnectors(host.folders))];
  const loaded: C8Connector[] = [];
  for (const name of [...new Set(found.map(({ packageName }) => packageName))].sort()) {
    try {
      loaded.push(await loadConnector(name, host));
    } catch (error) {
      onError(name, error);
    }
  }
  return loaded;
}

/** The type of a connector with its article, for messages: `a source`, `an integration`. */
export function withArticle(type: C8Connector['type']): string {
  return type === 'integration' ? 'an integration' : `a ${type}`;
}

/** Whether a reference is the path of a connector, and not the name of its package. */
export function isConnectorPath(reference: string): boolean {
  return /^\.{1,2}(?:[/\\]|$)/.test(reference) || isAbsolute(reference);
}

async function modulePath(reference: string, folder: string | undefined): Promise<string> {
  if (folder === undefined) throw unknown(reference, 'a path can be given only in a file; give the name of a package');
  const path = resolve(folder, reference);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw unknown(reference, `there is nothing at ${path}`);
  if (!found.isDirectory()) return path;
  return (await entryModule(path)) ?? notBuilt(reference, path);
}

async function packageModule(
  reference: string,
  { connectors = [], folders }: Pick<Host, 'connectors' | 'folders'>,
): Promise<string> {
  const installed = await installedConnectors(folders);
  const connector = installed.find(({ packageName }) => packageName === reference);
  if (connector !== undefined) return (await entryModule(connector.folder)) ?? notBuilt(reference, connector.folder);
  const names = [...connectors, ...installed].map(({ packageName }) => packageName);
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

/** Only functions written as a class: others would run when they are called. */
function isClass(value: unknown): value is new () => unknown {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function instanceOf(candidate: new () => unknown): unknown {
  try {
    return new candidate();
  } catch (error) {
    // A class whose constructor needs arguments is not a connector; a connector that violates its contract throws an error of ours.
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
