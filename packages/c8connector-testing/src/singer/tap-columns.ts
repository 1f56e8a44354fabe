import { type Check, Finding, NotRunnable } from '../check.ts';
import { isObject } from '../values/json.ts';
import { messagesOf, namesOf } from './messages.ts';
import { idOf, selected, type TapCatalog } from './tap-catalog.ts';
import { isFull, type TapContext } from './tap-context.ts';

type Entry = TapCatalog['streams'][number];

/** 40 */
export const deselectedColumns: Check<TapContext> = {
  number: 40,
  title: 'a column that is not selected is in no record',
  where: 'how the tap reads "selected": false in the metadata of a column',
  async run(context) {
    const catalog = await context.chosen();
    const away = new Map(catalog.streams.map((entry) => [idOf(entry), columnOf(entry)]));
    if (![...away.values()].some((column) => column !== undefined))
      throw new NotRunnable('no stream has a column that may be left out');
    const streams = catalog.streams.map((entry) => without(entry, away.get(idOf(entry))));
    const counts = new Map<string, number>();
    const all = selected({ ...catalog, streams }, catalog.streams.map(idOf));
    const end = await context.runWith(all, [], {
      onLine: (line) => (isFull(line, counts, context.recordCap) ? 'SIGTERM' : undefined),
    });
    for (const { type, stream, record, line } of messagesOf(end, end.endedAfter !== undefined)) {
      if (type !== 'RECORD' || !isObject(record)) continue;
      const entry = catalog.streams.find((each) => idOf(each) === stream || each.stream === stream);
      const column = entry === undefined ? undefined : away.get(idOf(entry));
      if (column !== undefined && Object.hasOwn(record, column))
        throw new Finding(
          `no '${column}' in the records of '${String(stream)}', where it is not selected`,
          `line ${line} has it`,
        );
    }
  },
};

/** The last column of a stream that may be deselected. */
function columnOf(entry: Entry): string | undefined {
  const columns =
    isObject(entry.schema) && isObject(entry.schema.properties) ? Object.keys(entry.schema.properties) : [];
  const needed = [...namesOf(entry.key_properties), ...namesOf(entry.replication_key)];
  for (const { breadcrumb, metadata } of metadataOf(entry)) {
    if (!Array.isArray(breadcrumb) || !isObject(metadata)) continue;
    const name: unknown = breadcrumb[1];
    if (metadata.inclusion === 'automatic' && typeof name === 'string') needed.push(name);
    needed.push(...namesOf(metadata['table-key-properties']), ...namesOf(metadata['valid-replication-keys']));
  }
  return columns.findLast((name) => !needed.includes(name));
}

function without(entry: Entry, column: string | undefined): Entry {
  if (column === undefined) return entry;
  const isOf = ({ breadcrumb }: Entry) =>
    Array.isArray(breadcrumb) && breadcrumb.length === 2 && breadcrumb[0] === 'properties' && breadcrumb[1] === column;
  const own = metadataOf(entry).find(isOf);
  const known = isObject(own?.metadata) ? own.metadata : { inclusion: 'available' };
  const chosen = { ...own, breadcrumb: ['properties', column], metadata: { ...known, selected: false } };
  return { ...entry, metadata: [...metadataOf(entry).filter((each) => !isOf(each)), chosen] };
}

function metadataOf(entry: Entry): readonly Entry[] {
  return Array.isArray(entry.metadata) ? entry.metadata.filter(isObject) : [];
}
