import { isDeepStrictEqual } from 'node:util';
import type { RecordsMessage, SchemaMessage, StreamSchema } from 'c8connector';
import type { Format, StreamFile } from './format.ts';
import type { Spool } from './spool.ts';

/** Collects the rows of a flush in one file for each stream, and in another whenever schema or table version change, or the file has its size. */
export class OpenFiles {
  readonly #spool: Spool;
  readonly #format: Format;
  readonly #fileBytes: number;
  readonly #schemas = new Map<string, SchemaMessage>();
  readonly #open = new Map<string, StreamFile>();
  #all: StreamFile[] = [];

  /** A file that has reached `fileBytes` gets no more rows. */
  constructor(spool: Spool, format: Format, fileBytes: number) {
    this.#spool = spool;
    this.#format = format;
    this.#fileBytes = fileBytes;
  }

  schema(message: SchemaMessage): void {
    const known = this.#schemas.get(message.stream);
    this.#schemas.set(message.stream, message);
    if (known === undefined || !isSame(known.schema, message.schema)) this.#open.delete(message.stream);
  }

  async records(batch: RecordsMessage): Promise<void> {
    if (batch.count === 0) return;
    const full = this.#open.get(batch.stream);
    if (full !== undefined && full.bytes >= this.#fileBytes) {
      this.#open.delete(batch.stream);
      await this.#format.seal?.(full);
    }
    const file = this.#fileFor(batch);
    file.rows += batch.count;
    await this.#format.append(file, batch);
  }

  /** Hands over all files, each with at least one row, in the order in which they were opened. */
  take(): readonly StreamFile[] {
    const files = this.#all;
    this.#all = [];
    this.#open.clear();
    return files;
  }

  #fileFor(batch: RecordsMessage): StreamFile {
    const current = this.#open.get(batch.stream);
    if (current && current.version === batch.version) return current;
    const described = this.#schemas.get(batch.stream);
    const file: StreamFile = {
      stream: batch.stream,
      schema: described?.schema ?? batch.schema,
      keyProperties: described?.keyProperties ?? [],
      version: batch.version,
      path: this.#spool.newPath(),
      rows: 0,
      bytes: 0,
    };
    this.#open.set(batch.stream, file);
    this.#all.push(file);
    return file;
  }
}

/** The order of the columns is that of the columns of a file. */
function isSame(one: StreamSchema, other: StreamSchema): boolean {
  const names = ({ properties = {} }: StreamSchema) => Object.keys(properties);
  return isDeepStrictEqual(one, other) && isDeepStrictEqual(names(one), names(other));
}
