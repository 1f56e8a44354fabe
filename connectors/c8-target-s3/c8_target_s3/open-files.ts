import { isDeepStrictEqual } from 'node:util';
import { Batch, type Log, type RecordsMessage, type SchemaMessage, type StreamSchema } from 'c8connector';
import type { Room } from './chain.ts';
import type { Settings } from './config.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Format, StreamFile } from './format.ts';
import { withMetadata, withMetadataColumns } from './metadata-columns.ts';
import { openPartitioner, type Partition, type Partitioner } from './partitions.ts';
import { isUnstorable, reasonsOf } from './reasons.ts';
import type { Spool } from './spool.ts';

/** What the files need. */
export interface FileTools {
  readonly spool: Spool;
  readonly format: Format;
  /** Takes the rows that cannot be stored. */
  readonly letters: DeadLetters;
  readonly room: Pick<Room, 'log'>;
}

type FileSettings = Pick<Settings, 'fileBytes' | 'path' | 'addsMetadataColumns'>;

/** The most folders of a stream with an open file at the same time. */
const mostOpen = 64;
/** A warning is logged when a flush has more files than this. */
const manyFiles = 1_000;

/** A stream with its latest schema. */
interface Stream {
  readonly message: SchemaMessage;
  readonly partitioner: Partitioner;
  /** The open files by folder, least recently used first. */
  readonly open: Map<string, StreamFile>;
}

/** Collects the rows of a flush in one file for each folder of a stream. Begins another file when the schema or table version changes, or the file is full. */
export class OpenFiles {
  readonly #spool: Spool;
  readonly #format: Format;
  readonly #letters: DeadLetters;
  readonly #settings: FileSettings;
  readonly #log: Log;
  readonly #streams = new Map<string, Stream>();
  #all: StreamFile[] = [];
  #hasWarned = false;

  constructor({ spool, format, letters, room }: FileTools, settings: FileSettings) {
    this.#spool = spool;
    this.#format = format;
    this.#letters = letters;
    this.#settings = settings;
    this.#log = room.log;
  }

  /** Sets the schema of a stream. Throws a ConfigError if the path needs a column that the stream does not have. */
  schema(message: SchemaMessage): void {
    const known = this.#streams.get(message.stream)?.message;
    if (known !== undefined && isSame(known, message)) return;
    const { path, addsMetadataColumns } = this.#settings;
    const described = addsMetadataColumns ? withMetadataColumns(message) : message;
    const partitioner = openPartitioner(described, path, this.#format.leavesOutPathColumns);
    this.#streams.set(message.stream, { message, partitioner, open: new Map() });
  }

  async records(batch: RecordsMessage): Promise<void> {
    if (batch.count === 0) return;
    const stream = this.#streams.get(batch.stream);
    if (stream === undefined) throw new Error(`the stream ${batch.stream} has rows before its schema`);
    await this.#store(stream, batch);
  }

  /** Takes all files, each with at least one row, in the order in which they were opened. */
  take(): readonly StreamFile[] {
    // All rows of a file may have been rejected.
    const files = this.#all.filter(({ rows }) => rows > 0);
    this.#all = [];
    for (const { open } of this.#streams.values()) open.clear();
    return files;
  }

  /** Adds rows to their files. Those that cannot be stored are rejected. */
  async #store(stream: Stream, batch: RecordsMessage): Promise<void> {
    let partitions: readonly Partition[];
    try {
      partitions = stream.partitioner.split(this.#prepared(batch));
    } catch (error) {
      return await this.#sift(stream, batch, error);
    }
    for (const partition of partitions) {
      try {
        await this.#add(stream, partition);
      } catch (error) {
        await this.#sift(stream, partition.rows === undefined ? batch : rowsAt(batch, partition.rows), error);
      }
    }
  }

  #prepared(batch: RecordsMessage): RecordsMessage {
    return this.#settings.addsMetadataColumns ? withMetadata(batch) : batch;
  }

  /** Stores each half of a batch with a row that cannot be stored, and so on, until that row is alone and can be rejected. */
  async #sift(stream: Stream, batch: RecordsMessage, error: unknown): Promise<void> {
    if (!isUnstorable(error) || this.#letters.isStrict) throw error;
    const indexes = Array.from({ length: batch.count }, (_, index) => index);
    const half = Math.ceil(batch.count / 2);
    if (batch.count > 1) {
      await this.#store(stream, rowsAt(batch, indexes.slice(0, half)));
      return await this.#store(stream, rowsAt(batch, indexes.slice(half)));
    }
    const { message, partitioner } = stream;
    const reasons = reasonsOf(this.#prepared(batch), partitioner, this.#format);
    const row = rowsAt(batch, indexes);
    await this.#letters.add({ message, row, reasons: reasons.length === 0 ? [error] : reasons });
  }

  async #add(stream: Stream, { folder, batch }: Partition): Promise<void> {
    const { open } = stream;
    const current = open.get(folder);
    open.delete(folder);
    if (current !== undefined) {
      const hasRoom = current.version === batch.version && current.bytes < this.#settings.fileBytes;
      if (hasRoom) open.set(folder, current);
      else await this.#format.seal?.(current);
    }
    const file = open.get(folder) ?? this.#begin(stream, folder, batch.version);
    await this.#format.append(file, batch);
    file.rows += batch.count;
    const [oldest] = open.size > mostOpen ? open.values() : [];
    if (oldest === undefined) return;
    open.delete(oldest.folder);
    await this.#format.seal?.(oldest);
  }

  #begin({ message, partitioner, open }: Stream, folder: string, version: number | undefined): StreamFile {
    const file: StreamFile = {
      stream: message.stream,
      folder,
      schema: partitioner.schema,
      keyProperties: partitioner.keyProperties,
      version,
      path: this.#spool.newPath(),
      rows: 0,
      bytes: 0,
    };
    open.set(folder, file);
    if (this.#all.push(file) > manyFiles) this.#warnOfMany(message.stream);
    return file;
  }

  #warnOfMany(stream: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const message = `One flush makes more than ${manyFiles} objects. Readers are slow with many small ones: use a column with fewer values in path_template, or raise the limits of a flush.`;
    this.#log.warn(message, { stream });
  }
}

const newline = 0x0a;

/** The rows of a batch with these indexes, in the order of the batch. */
function rowsAt(batch: RecordsMessage, indexes: readonly number[]): RecordsMessage {
  const { stream, schema, version, extractedAt } = batch;
  const lines = batch.with('number').lines();
  const wanted = new Set(indexes);
  const parts: Uint8Array[] = [];
  for (let start = 0, index = 0; start < lines.length; index++) {
    const end = lines.indexOf(newline, start) + 1;
    if (wanted.has(index)) parts.push(lines.subarray(start, end));
    start = end;
  }
  const header = { stream, schema, version, extractedAt, exact: 'number' } as const;
  return Batch.ofLines(header, Buffer.concat(parts), indexes.length);
}

/** Compares also the order of the columns, which is that of the columns of a file. */
function isSame(one: SchemaMessage, other: SchemaMessage): boolean {
  const names = ({ properties = {} }: StreamSchema) => Object.keys(properties);
  return isDeepStrictEqual(one.schema, other.schema) && isDeepStrictEqual(names(one.schema), names(other.schema));
}
