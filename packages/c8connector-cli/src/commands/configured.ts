import { dirname, resolve } from 'node:path';
import { type C8Connector, ConfigError, type ErrorCode } from 'c8connector';
import { loadConnector, readDocument, resolveValues } from 'c8connector-host';
import type { Session } from '../session.ts';

export interface ConfiguredArguments {
  readonly connector: string;
  readonly config?: string | undefined;
}

/** The connector that a command names, and its config with all values resolved; the secrets in it are masked from here on. */
export async function loadConfigured(
  args: ConfiguredArguments,
  session: Session,
): Promise<{ readonly connector: C8Connector; readonly config: Readonly<Record<string, unknown>> }> {
  const connector = await loadConnector(args.connector, { packages: session.folder, paths: session.folder });
  return { connector, config: await loadConfig(connector, args.config, session) };
}

/** The config of a connector from a file, `-` for stdin; {} without a file if none of its properties is mandatory. */
export async function loadConfig(
  connector: C8Connector,
  file: string | undefined,
  session: Session,
): Promise<Readonly<Record<string, unknown>>> {
  if (file === undefined) return noConfig(connector);
  const { raw, folder } = await readGiven({ name: file, what: 'config file', code: 'config_unreadable' }, session);
  return await resolveValues(raw, folder, (config) => session.conceal(connector.config, config));
}

/** Reads a file that the command line names, relative to the folder of the user; `folder` is what paths inside of it are relative to. */
export async function readGiven(
  { name, what, code }: { readonly name: string; readonly what: string; readonly code: ErrorCode },
  session: Session,
) {
  const path = name === '-' ? name : resolve(session.folder, name);
  const raw = await readDocument({ path, what, code });
  return { raw, folder: name === '-' ? session.folder : dirname(path) };
}

function noConfig(connector: C8Connector): Readonly<Record<string, unknown>> {
  const mandatory = connector.config.filter((property) => property.isMandatory).map(({ name }) => name);
  if (mandatory.length === 0) return {};
  throw new ConfigError(`--config FILE is missing: ${connector.packageName} needs at least ${mandatory.join(', ')}`, {
    code: 'call_invalid',
    remedy: `'c8connector about ${connector.packageName}' shows its properties.`,
  });
}
