import { eventError, stringifyValue } from 'c8connector';
import { loadAllConnectors } from 'c8connector-host';
import { table, terminalWidth } from '../display/tables.ts';
import type { Session } from '../session.ts';

/** Shows the connectors that are found from the user's folder. One that cannot be loaded is reported on stderr and does not hide the others. */
export async function list(args: { readonly json: boolean }, session: Session): Promise<number> {
  const loaded = await loadAllConnectors(session, (_, error) => {
    session.say(`c8connector: ${eventError(error).message}`);
  });
  const connectors = loaded.map(({ name, type, version, packageName }) => ({
    name,
    type,
    version,
    package: packageName,
  }));
  if (args.json) await session.print(`${stringifyValue(connectors, 2)}\n`);
  else if (connectors.length > 0) {
    const rows = connectors.map((connector) => Object.values(connector));
    await session.print(table(['name', 'type', 'version', 'package'], rows, { width: terminalWidth() }));
  } else
    await session.print(
      'No connector is installed here. Their packages are named c8-source-…, c8-target-… and c8-integration-…\n',
    );
  return 0;
}
