import type { CatalogEntry } from 'c8connector';
import { columnType, streamMetadata } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';

/** The keys in a stream's metadata whose values are names of columns. */
const keyLists = ['table-key-properties', 'view-key-properties', 'valid-replication-keys'] as const;

/** 28 */
export const streamKeys: Check<SourceContext> = {
  number: 28,
  title: 'key columns and replication keys are in the schema of their stream, and are scalars',
  where: 'keyProperties and the schema of the streams that discover returns',
  async run({ discovered }) {
    for (const entry of (await discovered()).streams) checkEntry(entry);
  },
};

function checkEntry(entry: CatalogEntry): void {
  const metadata = streamMetadata(entry);
  const lists: [string, unknown][] = [
    ['key_properties', entry.key_properties],
    ...keyLists.map((name): [string, unknown] => [name, metadata[name]]),
    ...['replication-key', 'replication_key'].map((name): [string, unknown] => [name, metadata[name] ?? entry[name]]),
  ];
  const columns = Object.keys(entry.schema.properties);
  for (const [name, value] of lists) {
    if (value === undefined || value === null) continue;
    const names = name.startsWith('replication') ? [value] : value;
    if (!Array.isArray(names) || names.some((column) => typeof column !== 'string'))
      throw new Finding(`stream '${entry.tap_stream_id}': ${name} with names of columns`, shown(value));
    for (const [index, column] of names.entries()) checkColumn(entry, name, column, names.indexOf(column) !== index);
  }
  for (const { breadcrumb } of entry.metadata) {
    const [first, column] = breadcrumb;
    if (first === 'properties' && column !== undefined && !columns.includes(column))
      throw new Finding(`stream '${entry.tap_stream_id}': metadata of the columns ${shown(columns)}`, `of '${column}'`);
  }
}

function checkColumn(entry: CatalogEntry, name: string, column: string, isTwice: boolean): void {
  const { tap_stream_id: stream, schema } = entry;
  if (isTwice) throw new Finding(`stream '${stream}': each column once in ${name}`, `'${column}' twice`);
  const declared = Object.hasOwn(schema.properties, column) ? schema.properties[column] : undefined;
  if (declared === undefined)
    throw new Finding(
      `stream '${stream}': ${name} out of the columns ${shown(Object.keys(schema.properties))}`,
      `'${column}'`,
    );
  const { kind } = columnType(declared, schema);
  if (kind === 'json' || kind === 'list')
    throw new Finding(`stream '${stream}': '${column}' of ${name} as a text, a number or a boolean`, shown(declared));
}
