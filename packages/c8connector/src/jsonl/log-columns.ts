/** The column that says when a row was deleted; null in one that exists. */
export const deletedAt = '_sdc_deleted_at';
/** The column that orders all operations of a stream: those of its copy, then those of the log. */
export const sequenceColumn = '_sdc_sequence';
