import { isDeepStrictEqual } from 'node:util';
import type { CatalogEntry } from 'c8connector';
import { streamMetadata } from 'c8connector';
import { type Check, Finding, shown } from '../../check.ts';
import type { SourceContext } from '../source-context.ts';

const methods: readonly unknown[] = ['FULL_TABLE', 'INCREMENTAL', 'LOG_BASED'];

/** 29 */
export const replicationMethods: Check<SourceContext> = {
  number: 29,
  title: 'the catalog describes how each stream can be read, selects nothing, and does not contradict itself',
  where:
    'metadata of the streams: forced-replication-method, valid-replication-keys, table-key-properties. A stream that says nothing of its method is read whole',
  async run({ connector, discovered }) {
    for (const entry of (await discovered()).streams) checkEntry(entry, connector.capabilities);
  },
};

function checkEntry(entry: CatalogEntry, capabilities: readonly string[]): void {
  const stream = `stream '${entry.tap_stream_id}'`;
  if (!Array.isArray(entry.metadata)) throw new Finding(`${stream}: a list of metadata`, shown(entry.metadata));
  const metadata = streamMetadata(entry);
  const { 'forced-replication-method': forced, 'valid-replication-keys': keys, 'replication-key': key } = metadata;
  const selected = entry.metadata.find(({ metadata: own }) => own.selected !== undefined && own.selected !== null);
  if (selected?.metadata.selected === true)
    throw new Finding(`${stream}: nothing selected by discover`, `selected: true at ${shown(selected.breadcrumb)}`);
  for (const [name, method] of [
    ['forced-replication-method', forced],
    ['replication-method', metadata['replication-method']],
    ['replication_method', entry.replication_method],
  ]) {
    if (method === undefined || method === null) continue;
    const plain = typeof method === 'object' && 'replication-method' in method ? method['replication-method'] : method;
    if (!methods.includes(plain)) throw new Finding(`${stream}: ${name} out of ${methods.join(', ')}`, shown(method));
    if (plain === 'LOG_BASED' && !capabilities.includes('log-based'))
      throw new Finding(`${stream}: LOG_BASED only of a source with the capability 'log-based'`, shown(capabilities));
    if (plain === 'INCREMENTAL' && !isList(keys) && typeof key !== 'string')
      throw new Finding(`${stream}: valid-replication-keys, since ${name} is INCREMENTAL`, shown(keys));
  }
  if (isList(keys) && !capabilities.includes('state'))
    throw new Finding(
      `${stream}: valid-replication-keys only of a source with the capability 'state'`,
      shown(capabilities),
    );
  if (isList(keys) && typeof key === 'string' && !keys.includes(key))
    throw new Finding(`${stream}: a replication-key out of valid-replication-keys ${shown(keys)}`, shown(key));
  if (isList(keys) && forced === 'FULL_TABLE')
    throw new Finding(`${stream}: no valid-replication-keys, since FULL_TABLE is forced`, shown(keys));
  checkKeys(stream, entry, metadata);
}

function checkKeys(stream: string, entry: CatalogEntry, metadata: Readonly<Record<string, unknown>>): void {
  const { 'table-key-properties': declared, 'is-view': isView } = metadata;
  const given = entry.key_properties;
  if (isView !== undefined && typeof isView !== 'boolean')
    throw new Finding(`${stream}: is-view as true or false`, shown(isView));
  if (Array.isArray(declared) && Array.isArray(given) && !isDeepStrictEqual(declared, given))
    throw new Finding(`${stream}: the same key_properties as table-key-properties ${shown(declared)}`, shown(given));
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}
