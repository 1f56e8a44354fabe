/**
 * `columns_invalid`: a file cannot have these columns. `settings_invalid`: a codec, level or size that does not exist. `block_invalid`: a block does not have the
 * declared shape. `value_too_large`: a value, or the values of a column in one block, exceed the limits of this package. `rows_differ`: the footer counts other rows or bytes
 * than were written. `worker_failed`: the worker thread ended or threw; `cause` is what it threw. `writer_closed`: a call after the end.
 */
export type ParquetErrorCode =
  | 'columns_invalid'
  | 'settings_invalid'
  | 'block_invalid'
  | 'value_too_large'
  | 'rows_differ'
  | 'worker_failed'
  | 'writer_closed';

/** The error that all functions of this package throw. Errors of a sink and the reason of an abort signal are passed on unchanged. */
export class ParquetError extends Error {
  override readonly name = 'ParquetError';
  readonly code: ParquetErrorCode;

  constructor(code: ParquetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
