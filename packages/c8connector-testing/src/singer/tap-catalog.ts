import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError, parseValue } from 'c8connector';
import { errorText, Finding, shown } from '../check.ts';
import { checkExit, type Ended } from '../program/ended.ts';
import { isObject } from '../values/json.ts';

/** A catalog that a tap printed. */
export type TapCatalog = Readonly<Record<string, unknown>> & {
  readonly streams: readonly Readonly<Record<string, unknown>>[];
};

/** Reads the output of --discover. */
export function catalogOf(end: Ended): TapCatalog {
  checkExit(end, '--discover');
  let catalog: unknown;
  try {
    catalog = parseValue(end.stdout);
  } catch (error) {
    throw new Finding('one catalog and nothing else on stdout of --discover', `${String(error)}: ${shown(end.stdout)}`);
  }
  if (!isObject(catalog) || !Array.isArray(catalog.streams) || !catalog.streams.every(isObject))
    throw new Finding('a catalog: {"streams": [{ … }]}', shown(end.stdout));
  return { ...catalog, streams: catalog.streams };
}

/** The streams that a catalog file selects. Throws a ConfigError `call_invalid`. */
export async function readCatalog(folder: string, file: string): Promise<TapCatalog> {
  const unreadable = (problem: string, cause?: unknown) =>
    new ConfigError(`--singer: the catalog ${file} cannot be used: ${problem}.`, { code: 'call_invalid', cause });
  let catalog: unknown;
  try {
    catalog = parseValue(await readFile(resolve(folder, file), 'utf8'));
  } catch (error) {
    throw unreadable(errorText(error), error);
  }
  if (!isObject(catalog) || !Array.isArray(catalog.streams)) throw unreadable('it has no streams');
  const streams = catalog.streams.filter(isObject).filter(isSelected);
  if (streams.length === 0) throw unreadable('it selects no stream');
  return { ...catalog, streams };
}

function isSelected({ metadata, schema }: Readonly<Record<string, unknown>>): boolean {
  const entries = Array.isArray(metadata) ? metadata.filter(isObject) : [];
  const own = entries.find(({ breadcrumb }) => Array.isArray(breadcrumb) && breadcrumb.length === 0)?.metadata;
  return (isObject(own) && own.selected === true) || (isObject(schema) && schema.selected === true);
}

/** The id of a stream in a catalog; the tap_stream_id may be left out when it is the name. */
export function idOf(entry: Readonly<Record<string, unknown>>): string {
  return String(entry.tap_stream_id ?? entry.stream);
}

export function nameOf(catalog: TapCatalog, id: string): string {
  const entry = catalog.streams.find((each) => idOf(each) === id);
  return String(entry?.stream ?? id);
}

/** The catalog with these streams selected. Without a replication method a stream is read as a whole. */
export function selected(catalog: TapCatalog, ids: readonly string[]): TapCatalog {
  return {
    ...catalog,
    streams: catalog.streams.map((entry) => {
      const metadata = Array.isArray(entry.metadata) ? entry.metadata.filter(isObject) : [];
      const isStream = ({ breadcrumb }: Readonly<Record<string, unknown>>) =>
        Array.isArray(breadcrumb) && breadcrumb.length === 0;
      const own = metadata.find(isStream);
      const known = isObject(own?.metadata) ? own.metadata : {};
      const hasMethod =
        'replication-method' in known || 'forced-replication-method' in known || isText(entry.replication_method);
      const selection = {
        ...(hasMethod ? {} : { 'replication-method': 'FULL_TABLE' }),
        selected: ids.includes(idOf(entry)),
      };
      const first = { ...own, breadcrumb: [], metadata: { ...known, ...selection } };
      return { ...entry, metadata: [first, ...metadata.filter((each) => !isStream(each))] };
    }),
  };
}

/** Adds the selection to the schema, where taps look that only support --properties. */
export function withSchemaFlags(catalog: TapCatalog): TapCatalog {
  const streams = catalog.streams.map((entry) => {
    const [own] = Array.isArray(entry.metadata) ? entry.metadata : [];
    const isSelected = isObject(own) && isObject(own.metadata) && own.metadata.selected === true;
    return isObject(entry.schema) ? { ...entry, schema: { ...entry.schema, selected: isSelected } } : entry;
  });
  return { ...catalog, streams };
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
