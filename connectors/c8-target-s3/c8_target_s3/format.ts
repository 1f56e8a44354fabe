import type { RecordsMessage, StreamSchema } from 'c8connector';

/** What the rows of a file are. */
export interface FileDescription {
  readonly stream: string;
  readonly schema: StreamSchema;
  readonly keyProperties: readonly string[];
}

/** Rows of one stream and folder, under one schema and one table version, on their way into one object. */
export interface StreamFile extends FileDescription {
  /** Of the object, below the folder of the config, without a slash at its end. */
  readonly folder: string;
  /** Milliseconds since 1970 of the table version; undefined when the tap knows none. */
  readonly version: number | undefined;
  /** Temporary file that holds the rows as the format keeps them until the object is made. */
  readonly path: string;
  rows: number;
  /** Bytes that the object has so far, as far as they are known. */
  bytes: number;
}

/** How rows become the content of an object. */
export interface Format {
  readonly extension: string;
  readonly contentType: string;
  /** Whether files do not hold the columns of their path: readers of such files take them from there. */
  readonly leavesOutPathColumns: boolean;
  /**
   * Takes the rows of a batch. Resolves when the next may come; work of bounded size may still go on. Rejects with a DataError `value_unstorable` for a value that the format cannot hold, and has taken none
   * of the rows then.
   */
  append(file: StreamFile, batch: RecordsMessage): Promise<void>;
  /** Throws the DataError that `append` would reject with; not there in a format that holds every value. */
  check?(file: FileDescription, batch: RecordsMessage): void;
  /** A file gets no more rows, long before it is finished: what it holds can be let go of. */
  seal?(file: StreamFile): Promise<void>;
  /** Ends a file, and gives the path of the object's content; the file's own path is free after that. */
  finish(file: StreamFile, signal: AbortSignal): Promise<string>;
}
