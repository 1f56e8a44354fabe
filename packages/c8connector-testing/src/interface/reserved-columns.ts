import { c8ReservedKeys, isSource, keyProperties } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import type { ConnectorContext } from '../context.ts';

/** 12 */
export const reservedColumns: Check<ConnectorContext> = {
  number: 12,
  title: 'reservedKeys names each column once, and samples and schemas show reserved columns renamed',
  where: 'reservedKeys; reservedNames of the core defines how a column is renamed',
  async run(context) {
    const { reservedKeys } = context.connector;
    const odd = reservedKeys.find((key) => typeof key !== 'string' || key === '');
    if (odd !== undefined) throw new Finding('names of columns in reservedKeys', shown(odd));
    const twice = reservedKeys.find((key, index) => reservedKeys.indexOf(key) !== index);
    if (twice !== undefined) throw new Finding('each name once in reservedKeys', `'${twice}' twice`);
    if (isSource(context.connector)) await checkColumns(context);
  },
};

async function checkColumns({ connector, config, log, sampled, schemas }: ConnectorContext): Promise<void> {
  const samples = await sampled();
  const shownColumns = [
    ...(await schemas()).map(({ name, attributes }) => ({ name, columns: attributes.map((each) => each.name) })),
    ...samples.map(({ schema, data }) => ({
      name: schema.name,
      columns: [...schema.attributes.map((each) => each.name), ...data.flatMap((row) => Object.keys(row))],
    })),
  ];
  const reserved: readonly string[] = [...c8ReservedKeys, ...connector.reservedKeys];
  const suspects = shownColumns.filter(({ columns }) => columns.some((column) => reserved.includes(column)));
  if (suspects.length === 0 || !isSource(connector)) return;
  const { streams } = await connector.discover(await config(), { log });
  for (const { name, columns } of suspects) {
    const entry = streams.find((stream) => stream.tap_stream_id === name);
    const key = entry === undefined ? undefined : keyProperties(entry)[0];
    // The first column of the primary key may keep a reserved name.
    const kept = columns.find((column) => reserved.includes(column) && !(column === '_key' && column === key));
    if (kept !== undefined)
      throw new Finding(`stream '${name}': reserved columns renamed, such as _${kept}`, `column '${kept}'`);
  }
}
