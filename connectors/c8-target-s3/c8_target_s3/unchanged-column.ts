import type { StreamSchema } from 'c8connector';

/** The columns by which a stream is one of changes. */
const logColumns = ['_sdc_sequence', '_sdc_deleted_at'];

/** Lists, in a format that cannot leave a cell out, the columns that a row left as they were. */
export const unchangedColumn = '_sdc_unchanged';

/** Whether the files of a schema have such a column. */
export function hasUnchangedColumn({ properties = {} }: StreamSchema): boolean {
  return logColumns.some((column) => Object.hasOwn(properties, column)) && !Object.hasOwn(properties, unchangedColumn);
}
