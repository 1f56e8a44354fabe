import type { StreamSchema } from 'c8connector';

/** The columns that mark a stream as one of changes. */
const logColumns = ['_sdc_sequence', '_sdc_deleted_at'];

/** The column that lists which columns a row did not change, in formats that cannot omit a cell. */
export const unchangedColumn = '_sdc_unchanged';

/** Whether the files for a schema have this column. */
export function hasUnchangedColumn({ properties = {} }: StreamSchema): boolean {
  return logColumns.some((column) => Object.hasOwn(properties, column)) && !Object.hasOwn(properties, unchangedColumn);
}
