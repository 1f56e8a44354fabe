import { dirname, resolve } from 'node:path';
import { type C8Connector, ConfigError } from 'c8connector';
import { loadConnector } from './connectors.ts';
import { readDocument } from './document.ts';
import { resolveValues } from './resolve-values.ts';
import type { Session } from './session.ts';

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
  if (args.config === undefined) return { connector, config: noConfig(connector) };
  const { raw, folder } = await readConfigFile(args.config, session.folder);
  return { connector, config: await resolveValues(raw, folder, (config) => session.conceal(connector, config)) };
}

async function readConfigFile(name: string, folder: string) {
  const path = name === '-' ? name : resolve(folder, name);
  const raw = await readDocument({ path, what: 'config file', code: 'config_unreadable' });
  return { raw, folder: name === '-' ? folder : dirname(path) };
}

function noConfig(connector: C8Connector): Readonly<Record<string, unknown>> {
  const mandatory = connector.config.filter((property) => property.isMandatory).map(({ name }) => name);
  if (mandatory.length === 0) return {};
  throw new ConfigError(`--config FILE is missing: ${connector.packageName} needs at least ${mandatory.join(', ')}`, {
    code: 'call_invalid',
    remedy: `'c8connector about ${connector.packageName}' shows its properties.`,
  });
}
