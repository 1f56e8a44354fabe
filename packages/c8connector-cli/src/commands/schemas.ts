import { stringifyValue, visible } from 'c8connector';
import { refuseUnknownStreams } from 'c8connector-host';
import { table, terminalWidth } from '../display/tables.ts';
import type { Session } from '../session.ts';
import { loadConfigured } from './configured.ts';
import type { StreamArguments } from './samples.ts';

/** Shows the columns of each stream. */
export async function schemas(args: StreamArguments, session: Session): Promise<number> {
  const { connector, config } = await loadConfigured(args, session);
  const options = { signal: session.stop.graceful, log: session.log };
  const wanted = await connector.schemas(config, {
    ...options,
    ...(args.stream === undefined ? {} : { streams: args.stream }),
  });
  const known = async () => (await connector.schemas(config, options)).map(({ name }) => name);
  await refuseUnknownStreams(
    connector,
    args.stream ?? [],
    wanted.map(({ name }) => name),
    known,
  );
  if (args.json) await session.print(`${stringifyValue(wanted, 2)}\n`);
  else if (wanted.length === 0) await session.print(`${connector.packageName} shows no streams.\n`);
  else
    for (const { name, attributes } of wanted) {
      const rows = attributes.map((attribute) => [attribute.name, attribute.type]);
      await session.print(`${visible(name)}\n${table(['column', 'type'], rows, { width: terminalWidth() })}\n`);
    }
  return 0;
}
