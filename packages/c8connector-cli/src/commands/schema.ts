import type { C8Connector } from 'c8connector';
import eventsSchema from 'c8connector/events.schema.json' with { type: 'json' };
import { loadAllConnectors, loadConnector } from 'c8connector-host';
import { jsonText } from '../new/json-text.ts';
import { alertFileSchema } from '../schema/alert-file.ts';
import { configFileSchema } from '../schema/config-file.ts';
import { connectionFileSchema } from '../schema/connection-file.ts';
import type { Session } from '../session.ts';

export interface SchemaArguments {
  /** A connector, `connection`, `alert` or `events`. */
  readonly of: string;
}

/** Prints the JSON Schema of a file that the command line reads, for editors, or of the events that `sync --json` prints. Touches no network and reads no config. */
export async function schema({ of }: SchemaArguments, session: Session): Promise<number> {
  await session.print(jsonText(await schemaOf(of, session)));
  return 0;
}

async function schemaOf(of: string, session: Session) {
  if (of === 'events') return eventsSchema;
  if (of === 'connection') return connectionFileSchema(await installed(session));
  if (of === 'alert') return alertFileSchema(await installed(session));
  return configFileSchema(await loadConnector(of, session, session.folder));
}

async function installed(session: Session): Promise<readonly C8Connector[]> {
  return await loadAllConnectors(session, (name, error) => {
    session.log.warn(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
  });
}
