import type { Relation, RelationFilter } from './catalog.ts';
import type { PostgresConfig } from './config.ts';

/** The filter for the relations that the config allows. */
export function filterOf(config: PostgresConfig): RelationFilter {
  const schemas = parseNames(config.filter_schemas);
  const tables = parseNames(config.filter_table);
  return { ...(schemas.length > 0 && { schemas }), ...(tables.length > 0 && { tables }) };
}

/** The names of the filters that match none of the relations, as `filter_table: name`. */
export function unknownNames(filter: RelationFilter, relations: readonly Relation[]): readonly string[] {
  const schemas = new Set(relations.map(({ schema }) => schema));
  const tables = new Set(relations.flatMap(({ schema, name }) => [name, `${schema}.${name}`]));
  return [
    ...(filter.schemas ?? []).filter((name) => !schemas.has(name)).map((name) => `filter_schemas: ${name}`),
    ...(filter.tables ?? []).filter((name) => !tables.has(name)).map((name) => `filter_table: ${name}`),
  ];
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
