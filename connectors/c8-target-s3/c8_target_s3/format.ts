import type { RecordsMessage, StreamSchema } from 'c8connector';

/** The stream, schema and key of a file's rows. */
export interface FileDescription {
  readonly stream: string;
  readonly schema: StreamSchema;
  readonly keyProperties: readonly string[];
}

/** Rows of one stream and folder, under one schema and one table version, that are collected for one object. */
export interface StreamFile extends FileDescription {
  /** The folder of the object below that of the config, without a slash at its end. */
  readonly folder: string;
  /** The table version, in milliseconds since 1970; undefined if the tap sends none. */
  readonly version: number | undefined;
  /** Temporary file with the rows, in the form in which the format stores them until the object is written. */
  readonly path: string;
  rows: number;
  /** Bytes of the object so far, as far as they are known. */
  bytes: number;
}

/** Turns rows into the content of an object. */
export interface Format {
  readonly extension: string;
  readonly contentType: string;
  /** Whether files leave out the columns of their path. Readers of such files take them from the path. */
  readonly leavesOutPathColumns: boolean;
  /**
   * Takes the rows of a batch. Resolves when it can take the next batch; a limited amount of work may still be in progress. Rejects with a DataError `value_unstorable` for a value that the format cannot
   * store; it has then taken none of the rows.
   */
  append(file: StreamFile, batch: RecordsMessage): Promise<void>;
  /** Throws the DataError with which `append` would reject. Absent in a format that can store every value. */
  check?(file: FileDescription, batch: RecordsMessage): void;
  /** A file gets no more rows, possibly long before it is finished, so its resources can be released. */
  seal?(file: StreamFile): Promise<void>;
  /** Ends a file, and resolves with the path of the object's content. The file's own path is then no longer used. */
  finish(file: StreamFile, signal: AbortSignal): Promise<string>;
}
