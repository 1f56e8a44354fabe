import { parseNames, type TableFilter } from 'c8connector-sql';
import type { PostgresConfig } from './config.ts';

/** The filter for the relations that the config allows. */
export function filterOf(config: PostgresConfig): TableFilter {
  const schemas = parseNames(config.filter_schemas);
  const tables = parseNames(config.filter_table);
  return { ...(schemas.length > 0 && { schemas }), ...(tables.length > 0 && { tables }) };
}

/** The properties of the config that a filter comes from. */
export const filterProperties = { schemas: 'filter_schemas', tables: 'filter_table' } as const;
