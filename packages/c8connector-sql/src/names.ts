import { ConfigError } from 'c8connector';

/** The name of a table or view in its schema. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** Which tables are wanted. An undefined member does not restrict them. */
export interface TableFilter {
  readonly schemas?: readonly string[] | undefined;
  /** Names, or names with their schema before a dot. */
  readonly tables?: readonly string[] | undefined;
  /** Stream ids: schema, hyphen, name. */
  readonly ids?: readonly string[] | undefined;
}

const entry = /(?:"(?:[^"]|"")*"|[^,])+/g;
const quotedPart = /(^|\.)"((?:[^"]|"")*)"(?=\.|$)/g;

/**
 * The names of a comma list such as `orders, sales.items, "a, b"."c""d"`. Blanks around a name are dropped, double quotes keep
 * commas and blanks, `""` inside quotes is one quote. Capitals are kept. [] for an absent or empty text.
 */
export function parseNames(text: string | undefined): readonly string[] {
  const entries = text?.match(entry) ?? [];
  return entries
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => name.replace(quotedPart, (_, dot: string, part: string) => dot + part.replaceAll('""', '"')));
}

/** The names of a filter that match none of the tables, as `property: name`, with the properties of the config that the filter comes from. */
export function unknownNames(
  filter: TableFilter,
  tables: readonly TableName[],
  properties: { readonly schemas: string; readonly tables: string },
): readonly string[] {
  const schemas = new Set(tables.map(({ schema }) => schema));
  const names = new Set(tables.flatMap(({ schema, name }) => [name, `${schema}.${name}`]));
  return [
    ...(filter.schemas ?? []).filter((name) => !schemas.has(name)).map((name) => `${properties.schemas}: ${name}`),
    ...(filter.tables ?? []).filter((name) => !names.has(name)).map((name) => `${properties.tables}: ${name}`),
  ];
}

/** The id of the stream of a table: schema, hyphen, name. */
export function streamId({ schema, name }: TableName): string {
  return `${schema}-${name}`;
}

/**
 * Refuses tables that would be one stream.
 *
 * @throws {ConfigError} `stream_ambiguous` when two of them have the same stream id.
 */
export function refuseAmbiguous(tables: readonly TableName[]): void {
  const seen = new Map<string, TableName>();
  for (const table of tables) {
    const id = streamId(table);
    const other = seen.get(id);
    if (other !== undefined) {
      const names = [other, table].map(({ schema, name }) => `${JSON.stringify(schema)}.${JSON.stringify(name)}`);
      throw new ConfigError(`${names.join(' and ')} have the same stream id ${id}.`, {
        code: 'stream_ambiguous',
        details: { stream: id },
      });
    }
    seen.set(id, table);
  }
}

/** The first five names, as schema.table. */
export function listed(tables: readonly TableName[]): string {
  const first = tables.slice(0, 5).map(({ schema, name }) => `${schema}.${name}`);
  return first.join(', ') + (tables.length > first.length ? ', …' : '');
}

/** `one table or view`, `5 tables and views`. */
export function counted(tables: readonly TableName[]): string {
  return tables.length === 1 ? 'one table or view' : `${tables.length} tables and views`;
}
