import { isDeepStrictEqual } from 'node:util';
import type { RecordsMessage, SchemaMessage } from 'c8connector';
import type { Format, StreamFile } from './format.ts';
import type { Spool } from './spool.ts';

/** A file is closed at the latest here, also when nobody asks for a flush. */
const mostRows = 1_000_000;
const mostBytes = 512_000_000;

/** Collects the rows of a flush in one file for each stream, and in another whenever schema or table version change, or the file is full. */
export class OpenFiles {
  readonly #spool: Spool;
  readonly #format: Format;
  readonly #schemas = new Map<string, SchemaMessage>();
  readonly #open = new Map<string, StreamFile>();
  #all: StreamFile[] = [];

  constructor(spool: Spool, format: Format) {
    this.#spool = spool;
    this.#format = format;
  }

  schema(message: SchemaMessage): void {
    const known = this.#schemas.get(message.stream);
    this.#schemas.set(message.stream, message);
    if (!isDeepStrictEqual(known?.schema, message.schema)) this.#open.delete(message.stream);
  }

  async records(batch: RecordsMessage): Promise<void> {
    if (batch.count === 0) return;
    const lines = batch.lines();
    const file = this.#fileFor(batch, lines.length);
    file.rows += batch.count;
    file.bytes += lines.length;
    file.largestBatch = Math.max(file.largestBatch, lines.length);
    await this.#format.append(file, lines);
  }

  /** Hands over all files, each with at least one row, in the order in which they were opened. */
  take(): readonly StreamFile[] {
    const files = this.#all;
    this.#all = [];
    this.#open.clear();
    return files;
  }

  #fileFor(batch: RecordsMessage, bytes: number): StreamFile {
    const current = this.#open.get(batch.stream);
    const isFull = current && (current.rows + batch.count > mostRows || current.bytes + bytes > mostBytes);
    if (current && !isFull && current.version === batch.version) return current;
    const described = this.#schemas.get(batch.stream);
    const file: StreamFile = {
      stream: batch.stream,
      schema: described?.schema ?? batch.schema,
      keyProperties: described?.keyProperties ?? [],
      version: batch.version,
      path: this.#spool.newPath(),
      rows: 0,
      bytes: 0,
      largestBatch: 0,
    };
    this.#open.set(batch.stream, file);
    this.#all.push(file);
    return file;
  }
}
