/** When a row was deleted; null in one that is there. */
export const deletedAt = '_sdc_deleted_at';
/** Orders all operations of a stream: those of its copy, then those of the log. */
export const sequenceColumn = '_sdc_sequence';
