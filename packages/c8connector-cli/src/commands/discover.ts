import { type CatalogEntry, ConfigError, exactCatalog, isSource, stringifyValue } from 'c8connector';
import { formatCount } from 'c8connector-host';
import { table, terminalWidth } from '../display/tables.ts';
import { withArticle } from '../new/names.ts';
import type { Session } from '../session.ts';
import { type ConfiguredArguments, loadConfigured } from './configured.ts';

/** Lists what a source can read. */
export async function discover(
  args: ConfiguredArguments & { readonly json: boolean },
  session: Session,
): Promise<number> {
  const { connector, config } = await loadConfigured(args, session);
  if (!isSource(connector)) {
    throw new ConfigError(
      `${connector.packageName} is ${withArticle(connector.type)}: only a source has streams to discover`,
      {
        code: 'call_invalid',
      },
    );
  }
  const catalog = await connector.discover(config, { signal: session.stop.graceful, log: session.log });
  if (args.json) await session.print(`${stringifyValue(exactCatalog(catalog), 2)}\n`);
  else if (catalog.streams.length === 0) await session.print(`${connector.packageName} finds no streams.\n`);
  else {
    const head = ['stream', 'columns', 'key', 'rows, estimated'];
    await session.print(table(head, catalog.streams.map(streamRow), { width: terminalWidth(), right: [1, 3] }));
  }
  return 0;
}

function streamRow(entry: CatalogEntry): string[] {
  const metadata = entry.metadata.find(({ breadcrumb }) => breadcrumb.length === 0)?.metadata ?? {};
  const keys = metadata['table-key-properties'] ?? entry.key_properties ?? [];
  const rows = metadata['row-count'];
  return [
    entry.tap_stream_id,
    String(Object.keys(entry.schema.properties).length),
    Array.isArray(keys) ? keys.join(', ') : '',
    typeof rows === 'number' && rows >= 0 ? formatCount(rows) : '',
  ];
}
