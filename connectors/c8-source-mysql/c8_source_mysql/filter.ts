import { parseNames, type TableFilter } from 'c8connector-sql';
import type { MysqlConfig } from './config.ts';

/** The filter for the tables that the config allows. */
export function filterOf(config: Pick<MysqlConfig, 'database' | 'source_table'>): TableFilter {
  const tables = parseNames(config.source_table);
  return { schemas: parseNames(config.database), ...(tables.length > 0 && { tables }) };
}

/** The properties of the config that a filter comes from. */
export const filterProperties = { schemas: 'database', tables: 'source_table' } as const;
