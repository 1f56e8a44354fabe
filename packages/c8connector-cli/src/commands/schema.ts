import type { C8Connector } from 'c8connector';
import { installedConnectors, loadConnector } from 'c8connector-host';
import { jsonText } from '../new/json-text.ts';
import { alertFileSchema } from '../schema/alert-file.ts';
import { configFileSchema } from '../schema/config-file.ts';
import { connectionFileSchema } from '../schema/connection-file.ts';
import type { Session } from '../session.ts';

export interface SchemaArguments {
  /** A connector, `connection` or `alert`. */
  readonly of: string;
}

/** Prints the JSON Schema of a file that the command line reads, for editors. Touches no network and reads no config. */
export async function schema({ of }: SchemaArguments, session: Session): Promise<number> {
  await session.print(jsonText(await schemaOf(of, session)));
  return 0;
}

async function schemaOf(of: string, session: Session) {
  if (of === 'connection') return connectionFileSchema(await installed(session));
  if (of === 'alert') return alertFileSchema(await installed(session));
  return configFileSchema(await loadConnector(of, { packages: session.folder, paths: session.folder }));
}

/** All connectors that can be loaded; what another one suffers from is no reason to know none. */
async function installed(session: Session): Promise<readonly C8Connector[]> {
  const connectors: C8Connector[] = [];
  for (const { packageName } of await installedConnectors(session.folder)) {
    try {
      connectors.push(await loadConnector(packageName, { packages: session.folder, paths: session.folder }));
    } catch (error) {
      session.log.warn(`${packageName} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return connectors;
}
