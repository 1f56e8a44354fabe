import { isDeepStrictEqual } from 'node:util';
import type { Log, RecordsMessage, SchemaMessage, StreamSchema } from 'c8connector';
import type { Settings } from './config.ts';
import type { Format, StreamFile } from './format.ts';
import { withMetadata, withMetadataColumns } from './metadata-columns.ts';
import { openPartitioner, type Partition, type Partitioner } from './partitions.ts';
import type { Spool } from './spool.ts';

/** Folders of a stream that take rows at the same time: each has a file of its own. */
const mostOpen = 64;
/** Files of a flush, more than which help nobody. */
const manyFiles = 1_000;

/** A stream as it was described last. */
interface Stream {
  readonly message: SchemaMessage;
  readonly partitioner: Partitioner;
  /** By folder, the one that is longest without rows first. */
  readonly open: Map<string, StreamFile>;
}

/** Collects the rows of a flush in one file for each folder of a stream, and in another whenever schema or table version change, or the file has its size. */
export class OpenFiles {
  readonly #spool: Spool;
  readonly #format: Format;
  readonly #settings: Pick<Settings, 'fileBytes' | 'path' | 'addsMetadataColumns'>;
  readonly #log: Log;
  readonly #streams = new Map<string, Stream>();
  #all: StreamFile[] = [];
  #hasWarned = false;

  constructor(
    spool: Spool,
    format: Format,
    settings: Pick<Settings, 'fileBytes' | 'path' | 'addsMetadataColumns'>,
    log: Log,
  ) {
    this.#spool = spool;
    this.#format = format;
    this.#settings = settings;
    this.#log = log;
  }

  /** Throws a ConfigError when the path needs a column that the stream does not have. */
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
    const rows = this.#settings.addsMetadataColumns ? withMetadata(batch) : batch;
    for (const partition of stream.partitioner.split(rows)) await this.#add(stream, partition);
  }

  /** Hands over all files, each with at least one row, in the order in which they were opened. */
  take(): readonly StreamFile[] {
    const files = this.#all;
    this.#all = [];
    for (const { open } of this.#streams.values()) open.clear();
    return files;
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
    file.rows += batch.count;
    await this.#format.append(file, batch);
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
    const message = `One flush makes more than ${manyFiles} objects. Readers are slow with many small ones: take a column with fewer values for path_template, or raise the limits of a flush.`;
    this.#log.warn(message, { stream });
  }
}

/** The order of the columns is that of the columns of a file. */
function isSame(one: SchemaMessage, other: SchemaMessage): boolean {
  const names = ({ properties = {} }: StreamSchema) => Object.keys(properties);
  return isDeepStrictEqual(one.schema, other.schema) && isDeepStrictEqual(names(one.schema), names(other.schema));
}
