import type { Catalog, CatalogEntry, Row, SourceMessage } from 'c8connector';
import { keyProperties, parseValue, selectedColumns, selectStreams, streamMetadata, stringifyValue } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../../check.ts';
import { linesOf } from '../recording/recording.ts';
import { replicationKey, selectAll } from '../recording/selected-catalog.ts';
import { missingLine, type Table, tablesAfter } from '../recording/tables.ts';
import type { SourceContext } from '../source-context.ts';

/** 40 */
export const deselection: Check<SourceContext> = {
  number: 40,
  title: 'a deselected column is absent from SCHEMA and records, and a deselected stream from the messages',
  where: 'where read applies the metadata of the catalog: selected, false',
  async run(context) {
    const catalog = await context.catalog();
    const { messages, capped } = await context.read();
    checkStreams(messages, catalog);
    const without = new Map(selectStreams(catalog).map((entry) => [entry.tap_stream_id, everySecond(entry)]));
    const leftOut = leaveOutStream(catalog, tablesAfter(messages));
    const isNothing = leftOut === undefined && [...without.values()].every((columns) => columns.length === 0);
    if (isNothing) throw new NotRunnable('there is one stream, and each of its columns is part of a key or automatic');
    const fewer = deselect(catalog, leftOut, without);
    const { messages: read, capped: cappedAgain } = await context.readWith(fewer);
    checkStreams(read, fewer);
    for (const entry of selectStreams(fewer)) checkColumns(read, entry, without.get(entry.tap_stream_id) ?? []);
    // The rest of each row must be unchanged: a value must not move into another column.
    const isPart = (stream: string) => stream === leftOut || capped.has(stream) || cappedAgain.has(stream);
    const wanted = new Map([...tablesAfter(messages)].filter(([stream]) => !isPart(stream)));
    const missing = missingLine(narrowed(wanted, without), narrowed(tablesAfter(read), without));
    if (missing === undefined) return;
    throw new Finding(
      `stream '${missing.stream}': its ${missing.of} records without ${shown(without.get(missing.stream))}, else unchanged`,
      `${missing.count} are missing, such as ${shown(missing.line)}`,
    );
  },
};

function checkStreams(messages: readonly SourceMessage[], catalog: Catalog): void {
  const selected = new Set(selectStreams(catalog).map((entry) => entry.tap_stream_id));
  const stranger = messages.find((message) => message.type !== 'STATE' && !selected.has(message.stream));
  if (stranger !== undefined && stranger.type !== 'STATE')
    throw new Finding(
      `messages of the selected streams only, ${shown([...selected])}`,
      `${stranger.type} of '${stranger.stream}'`,
    );
}

function checkColumns(messages: readonly SourceMessage[], entry: CatalogEntry, without: readonly string[]): void {
  const { tap_stream_id: stream } = entry;
  for (const message of messages) {
    if (message.type !== 'SCHEMA' && message.type !== 'RECORDS') continue;
    if (message.stream !== stream) continue;
    const columns = Object.keys(message.schema.properties);
    const schema = `${message.type === 'SCHEMA' ? '' : 'a batch with a '}SCHEMA`;
    const present = without.find((column) => columns.includes(column));
    if (present !== undefined)
      throw new Finding(`${schema} of '${stream}' without the deselected '${present}'`, shown(columns));
    const lost = selectedColumns(entry).find((column) => !columns.includes(column));
    if (lost !== undefined) throw new Finding(`${schema} of '${stream}' with the selected '${lost}'`, shown(columns));
    if (message.type === 'SCHEMA') {
      const required = Array.isArray(message.schema.required) ? message.schema.required.map(String) : [];
      const named = without.find((column) => required.includes(column));
      if (named !== undefined)
        throw new Finding(`SCHEMA of '${stream}' that does not require '${named}'`, shown(required));
      continue;
    }
    for (const row of [...message.rows(), ...linesOf(message).map((line) => parseValue(line) as Row)]) {
      const sent = without.find((column) => Object.hasOwn(row, column));
      if (sent !== undefined) throw new Finding(`records of '${stream}' without the deselected '${sent}'`, shown(row));
    }
  }
}

/** Every second column that may be deselected. */
function everySecond(entry: CatalogEntry): readonly string[] {
  const metadata = new Map(entry.metadata.map((each) => [each.breadcrumb.join('\0'), each.metadata]));
  const valid = streamMetadata(entry)['valid-replication-keys'];
  const fixed = [...keyProperties(entry), replicationKey(entry), ...(Array.isArray(valid) ? valid : [])];
  return selectedColumns(entry)
    .filter((column) => !fixed.includes(column) && metadata.get(`properties\0${column}`)?.inclusion !== 'automatic')
    .filter((_, index) => index % 2 === 0);
}

/** When there are several streams, the one with the fewest rows, but not empty. */
function leaveOutStream(catalog: Catalog, tables: ReadonlyMap<string, Table>): string | undefined {
  const streams = selectStreams(catalog).map((entry) => entry.tap_stream_id);
  if (streams.length < 2) return undefined;
  const sized = streams.map((stream) => ({ stream, size: tables.get(stream)?.size ?? 0 }));
  return sized.sort((one, other) => (one.size || Infinity) - (other.size || Infinity))[0]?.stream;
}

function deselect(
  catalog: Catalog,
  leftOut: string | undefined,
  without: ReadonlyMap<string, readonly string[]>,
): Catalog {
  const kept = selectStreams(catalog)
    .map((entry) => entry.tap_stream_id)
    .filter((id) => id !== leftOut);
  const { streams } = selectAll(catalog, kept);
  return {
    ...catalog,
    streams: streams.map((entry) => ({
      ...entry,
      metadata: (without.get(entry.tap_stream_id) ?? []).reduce(withDeselected, entry.metadata),
    })),
  };
}

function withDeselected(metadata: CatalogEntry['metadata'], column: string): CatalogEntry['metadata'] {
  const isOf = ({ breadcrumb }: CatalogEntry['metadata'][number]) =>
    breadcrumb.length === 2 && breadcrumb[0] === 'properties' && breadcrumb[1] === column;
  const known = metadata.filter(isOf).map((each) => each.metadata);
  const own = { breadcrumb: ['properties', column], metadata: { ...Object.assign({}, ...known), selected: false } };
  return [...metadata.filter((each) => !isOf(each)), own];
}

/** The lines without these columns, their keys sorted. */
function narrowed(
  tables: ReadonlyMap<string, Table>,
  without: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, Table> {
  return new Map(
    [...tables].map(([stream, lines]) => {
      const columns = without.get(stream) ?? [];
      const counts = new Map<string, number>();
      for (const [line, count] of lines) {
        const members = Object.entries(parseValue(line) as Row).filter(([name]) => !columns.includes(name));
        const text = stringifyValue(Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1))));
        counts.set(text, (counts.get(text) ?? 0) + count);
      }
      return [stream, counts];
    }),
  );
}
