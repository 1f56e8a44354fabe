import { Batch, type Log, type RecordsMessage } from 'c8connector';
import {
  createParquetEncoder,
  loadCodec,
  openParquetWriter,
  type ParquetFile,
  type ParquetWriter,
} from 'c8connector-parquet';
import type { Settings } from './config.ts';
import { parquetError, rowsLost } from './errors.ts';
import type { Format, StreamFile } from './format.ts';
import { type ParquetFileColumns, parquetColumns } from './parquet-columns.ts';
import type { Spool } from './spool.ts';

/** Files that are encoded while their rows come: each has a thread. */
const mostWriters = 2;
/** Bytes of rows that a file may hold before it needs a thread, or the disk. */
const mostHeld = 2_000_000;
/** The same of all files. */
const mostHeldInAll = 32_000_000;
/** Bytes of the values of a row group in memory. */
const usualRowGroup = 64 * 1024 * 1024;
/** Bytes of lines that are read back at a time. */
const chunkBytes = 1_000_000;

/** What is known of a file that is being made. */
interface Encoding {
  readonly columns: ParquetFileColumns;
  /** Of the encoded bytes. */
  readonly path: string;
  /** Batches that are neither encoded nor on disk. */
  held: RecordsMessage[];
  heldBytes: number;
  writer: ParquetWriter | undefined;
  /** Whether its rows are on disk, as lines. */
  isSpilled: boolean;
}

/**
 * Parquet. The first files that get larger than a few batches are encoded in threads of their own while their rows come; of other files such rows wait on disk until a thread is free, and small ones are held and
 * encoded at the end.
 */
export function openParquet(
  spool: Spool,
  { compression, timeType, fileBytes }: Pick<Settings, 'compression' | 'timeType' | 'fileBytes'>,
  log: Log,
): Format & AsyncDisposable {
  const codec = compression === 'none' ? 'uncompressed' : compression;
  // A file grows by row groups: those of small files must be small.
  const rowGroupBytes = Math.min(fileBytes, usualRowGroup);
  const encodings = new Map<StreamFile, Encoding>();
  const writers = new Set<ParquetWriter>();
  const warned = new Set<string>();
  let compress: ReturnType<typeof loadCodec> | undefined;
  let heldInAll = 0;
  let turn: Promise<unknown> = Promise.resolve();

  function encodingOf(file: StreamFile): Encoding {
    const known = encodings.get(file);
    if (known !== undefined) return known;
    const columns = parquetColumns(file.stream, file.schema, timeType);
    warnOfNames(file.stream, columns.renamed, warned, log);
    const encoding = { columns, path: spool.newPath(), held: [], heldBytes: 0, writer: undefined, isSpilled: false };
    encodings.set(file, encoding);
    return encoding;
  }

  function openWriter(file: StreamFile, { columns, path }: Encoding, signal?: AbortSignal): ParquetWriter {
    const sink = async (bytes: Uint8Array): Promise<void> => {
      file.bytes += bytes.length;
      await spool.append(path, bytes);
    };
    const writer = openParquetWriter({
      columns: columns.columns,
      codec,
      rowGroupBytes,
      sink,
      ...(signal && { signal }),
    });
    writers.add(writer);
    return writer;
  }

  async function writeBatch(file: StreamFile, { columns }: Encoding, writer: ParquetWriter, batch: RecordsMessage) {
    await writer.write({ rows: batch.count, columns: columns.valuesOf(batch, file.keyProperties) });
    const done = batch.reuse === undefined ? undefined : writer.takeBlock();
    if (done !== undefined) batch.reuse?.(done.columns);
  }

  function release(encoding: Encoding): readonly RecordsMessage[] {
    const { held } = encoding;
    heldInAll -= encoding.heldBytes;
    encoding.held = [];
    encoding.heldBytes = 0;
    return held;
  }

  async function spill(file: StreamFile, encoding: Encoding): Promise<void> {
    encoding.isSpilled = true;
    for (const batch of release(encoding)) await spool.append(file.path, batch.with('number').lines());
  }

  async function close(file: StreamFile, writer: ParquetWriter): Promise<void> {
    const written = await writer.close();
    writers.delete(writer);
    checkRows(file, written);
  }

  /** Held rows are few: a thread would cost more than they do. */
  async function encodeHeld(file: StreamFile, encoding: Encoding): Promise<void> {
    const parts: Uint8Array[] = [];
    const { columns } = encoding.columns;
    compress ??= loadCodec(codec);
    const encoder = createParquetEncoder({
      columns,
      codec,
      compress: await compress,
      output: (bytes) => parts.push(bytes),
    });
    for (const batch of release(encoding))
      encoder.add({ rows: batch.count, columns: encoding.columns.valuesOf(batch, file.keyProperties) });
    checkRows(file, encoder.finish());
    for (const part of parts) await spool.append(encoding.path, part);
  }

  async function encodeSpilled(file: StreamFile, encoding: Encoding, signal: AbortSignal): Promise<void> {
    const writer = openWriter(file, encoding, signal);
    for await (const batch of readBack(file, spool)) await writeBatch(file, encoding, writer, batch);
    await close(file, writer);
    await spool.remove(file.path);
  }

  async function finish(file: StreamFile, signal: AbortSignal): Promise<string> {
    const encoding = encodingOf(file);
    encodings.delete(file);
    if (encoding.writer !== undefined) await close(file, encoding.writer);
    else if (encoding.isSpilled) {
      // One at a time: each needs a thread, and memory for its row groups.
      const encoded = turn.then(() => encodeSpilled(file, encoding, signal));
      turn = encoded.catch(() => undefined);
      await encoded;
    } else await encodeHeld(file, encoding);
    return encoding.path;
  }

  return {
    extension: 'parquet',
    contentType: 'application/vnd.apache.parquet',
    async append(file, batch) {
      const encoding = encodingOf(file);
      try {
        if (encoding.writer !== undefined) return await writeBatch(file, encoding, encoding.writer, batch);
        encoding.held.push(batch);
        encoding.heldBytes += batch.bytes;
        heldInAll += batch.bytes;
        if (encoding.isSpilled) return await spill(file, encoding);
        if (encoding.heldBytes <= mostHeld && heldInAll <= mostHeldInAll) return;
        if (writers.size >= mostWriters) return await spill(file, encoding);
        const writer = openWriter(file, encoding);
        encoding.writer = writer;
        for (const one of release(encoding)) await writeBatch(file, encoding, writer, one);
      } catch (error) {
        throw parquetError(error, file.stream);
      }
    },
    async finish(file, signal) {
      try {
        return await finish(file, signal);
      } catch (error) {
        throw parquetError(error, file.stream);
      }
    },
    async [Symbol.asyncDispose]() {
      await turn;
      await Promise.all([...writers].map((writer) => writer[Symbol.asyncDispose]()));
    },
  };
}

/** What a file holds is compared with what it was given. */
function checkRows({ stream, rows }: StreamFile, written: ParquetFile): void {
  if (written.rows !== rows) throw rowsLost(stream, rows, written.rows);
}

/** The rows that wait on disk. */
async function* readBack({ stream, schema, path }: StreamFile, spool: Spool): AsyncGenerator<Batch> {
  const header = { stream, schema, extractedAt: '', exact: 'number' } as const;
  await using file = await spool.read(path);
  let started: Uint8Array = new Uint8Array(0);
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(started.length + chunkBytes);
    chunk.set(started);
    const { bytesRead } = await file.read(chunk, started.length, chunkBytes);
    const bytes = chunk.subarray(0, started.length + bytesRead);
    if (bytesRead === 0 && bytes.length === 0) return;
    const end = bytesRead === 0 ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
    if (end > 0) yield Batch.ofLines(header, bytes.subarray(0, end), countLines(bytes.subarray(0, end)));
    started = bytes.subarray(end);
    if (bytesRead === 0) return;
  }
}

function countLines(lines: Uint8Array): number {
  let count = 0;
  for (let at = lines.indexOf(0x0a); at !== -1; at = lines.indexOf(0x0a, at + 1)) count += 1;
  return count;
}

function warnOfNames(stream: string, names: Readonly<Record<string, string>>, warned: Set<string>, log: Log): void {
  if (Object.keys(names).length === 0 || warned.has(stream)) return;
  warned.add(stream);
  log.warn('Columns have another name in Parquet, whose readers fold case and need a name.', { stream, names });
}
