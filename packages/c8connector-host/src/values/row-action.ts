import {
  type Catalog,
  type CatalogEntry,
  ConfigError,
  checkTemplate,
  isC8Error,
  selectedColumns,
  selectStreams,
} from 'c8connector';
import type { RowAction } from '../connection/endpoints.ts';

/**
 * Checks before anything is sent that each selected stream has the columns that the input of an action is made from. Throws a ConfigError `column_unknown` that
 * tells all that are missing.
 */
export function checkColumns({ action, input }: RowAction, catalog: Catalog): void {
  const mandatory = action.input.filter((property) => property.isMandatory && property.defaultValue === '');
  const template = input ?? mandatory.map(({ name }) => `{{${name}}}`);
  const problems = selectStreams(catalog).flatMap((entry) => missingColumns(template, entry));
  if (problems.length > 0) throw new ConfigError(problems.join('\n'), { code: 'column_unknown' });
}

function missingColumns(template: unknown, entry: CatalogEntry): readonly string[] {
  try {
    // What a log reader adds to the columns is not in the catalog.
    const columns = [...selectedColumns(entry), '_sdc_deleted_at', '_sdc_lsn'];
    checkTemplate(template, columns, `stream '${entry.tap_stream_id}'`);
    return [];
  } catch (error) {
    if (!isC8Error(error)) throw error;
    return [error.message];
  }
}
