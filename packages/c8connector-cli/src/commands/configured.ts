import { dirname, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type C8Connector, ConfigError, type ErrorCode } from 'c8connector';
import { loadConnector, parseDocument, readDocument, resolveConfig, type Values } from 'c8connector-host';
import type { Session } from '../session.ts';

export interface ConfiguredArguments {
  readonly connector: string;
  readonly config?: string | undefined;
}

/** The connector that a command names, and its config with all values resolved; its secrets are masked from then on. */
export async function loadConfigured(
  args: ConfiguredArguments,
  session: Session,
): Promise<{ readonly connector: C8Connector; readonly config: Values }> {
  const connector = await loadConnector(args.connector, session, session.folder);
  return { connector, config: await loadConfig(connector, args.config, session) };
}

/** The config of a connector from a file, `-` for stdin; {} without a file if none of its properties is mandatory. */
export async function loadConfig(connector: C8Connector, file: string | undefined, session: Session): Promise<Values> {
  if (file === undefined) return noConfig(connector);
  const { raw, folder } = await readGiven({ name: file, what: 'config file', code: 'config_unreadable' }, session);
  return await resolveConfig(connector, raw, session, folder);
}

/** Reads a file that the command line names, `-` for stdin; `folder` is the one that paths inside the file are relative to. */
export async function readGiven(
  { name, what, code }: { readonly name: string; readonly what: string; readonly code: ErrorCode },
  { folder }: Session,
): Promise<{ readonly raw: Values; readonly folder: string }> {
  if (name === '-')
    return { raw: await parseDocument(await text(process.stdin), { path: 'on stdin', what, code }), folder };
  const path = resolve(folder, name);
  return { raw: await readDocument({ path, what, code }), folder: dirname(path) };
}

function noConfig(connector: C8Connector): Values {
  const mandatory = connector.config.filter((property) => property.isMandatory).map(({ name }) => name);
  if (mandatory.length === 0) return {};
  throw new ConfigError(`--config FILE is missing: ${connector.packageName} needs at least ${mandatory.join(', ')}`, {
    code: 'call_invalid',
    remedy: `'c8connector about ${connector.packageName}' shows its properties.`,
  });
}
