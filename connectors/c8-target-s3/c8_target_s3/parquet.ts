import { Batch, type Log, type RecordsMessage } from 'c8connector';
import {
  createParquetEncoder,
  loadCodec,
  openParquetThreads,
  type ParquetFile,
  type ParquetWriter,
} from 'c8connector-parquet';
import type { Settings } from './config.ts';
import { parquetError, rowsLost } from './errors.ts';
import type { Format, StreamFile } from './format.ts';
import { type ParquetFileColumns, parquetColumns } from './parquet-columns.ts';
import { type Block, spill, spilledBlocks } from './spilled.ts';
import type { Spool } from './spool.ts';

/** The most files that are encoded while their rows arrive, each in its own thread. */
const mostWriters = 2;
/** Bytes of rows that a file may keep in memory before it needs a thread or the disk. */
const mostHeld = 2_000_000;
/** The same limit for all files together. */
const mostHeldInAll = 32_000_000;
/** Bytes of the values of a row group in memory. */
const usualRowGroup = 32 * 1024 * 1024;
/** Rows are about this much smaller in Parquet, so the bytes of rows in memory or on disk are divided by it. */
const compression = 4;

/** The state of a file that is being written. */
interface Encoding {
  readonly columns: ParquetFileColumns;
  /** The path of the encoded bytes. */
  readonly path: string;
  /** Batches that are neither encoded nor on disk. */
  held: RecordsMessage[];
  heldBytes: number;
  writer: ParquetWriter | undefined;
  /** Whether its rows are on disk. */
  isSpilled: boolean;
  /** Whether all of it is encoded. */
  isWritten: boolean;
}

/**
 * Parquet. The first files that grow beyond a few batches are encoded in their own threads while their rows arrive. The rows of further such files wait on disk until a thread is free. Small files stay in
 * memory, or on disk if there are many of them, and are encoded at the end in this thread.
 */
export function openParquet(
  spool: Spool,
  settings: Pick<Settings, 'compression' | 'timeType' | 'subMicroseconds' | 'fileBytes'>,
  log: Log,
): Format & AsyncDisposable {
  const { compression: chosen, fileBytes } = settings;
  const codec = chosen === 'none' ? 'uncompressed' : chosen;
  // A file grows by whole row groups, so those of small files must be small.
  const rowGroupBytes = Math.min(fileBytes, usualRowGroup);
  // A file all of whose rows were rejected is never finished.
  const encodings = new WeakMap<StreamFile, Encoding>();
  const threads = openParquetThreads();
  const writers = new Set<ParquetWriter>();
  const warned = new Set<string>();
  let compress: ReturnType<typeof loadCodec> | undefined;
  let heldInAll = 0;
  let turn: Promise<unknown> = Promise.resolve();

  function encodingOf(file: StreamFile): Encoding {
    const known = encodings.get(file);
    if (known !== undefined) return known;
    const columns = parquetColumns(file.stream, file.schema, settings);
    warnOfNames(file.stream, columns.renamed, warned, log);
    const encoding: Encoding = {
      columns,
      path: spool.newPath(),
      held: [],
      heldBytes: 0,
      writer: undefined,
      isSpilled: false,
      isWritten: false,
    };
    encodings.set(file, encoding);
    return encoding;
  }

  function openWriter({ columns, path }: Encoding, signal?: AbortSignal): ParquetWriter {
    const sink = (bytes: Uint8Array) => spool.append(path, bytes);
    const writer = threads.openWriter({
      columns: columns.columns,
      codec,
      rowGroupBytes,
      sink,
      reusesBytes: true,
      ...(signal && { signal }),
    });
    writers.add(writer);
    return writer;
  }

  function blockOf(file: StreamFile, { columns }: Encoding, batch: RecordsMessage): Block {
    return { rows: batch.count, columns: columns.valuesOf(batch, file.keyProperties) };
  }

  async function writeBatch(file: StreamFile, encoding: Encoding, writer: ParquetWriter, batch: RecordsMessage) {
    const block = blockOf(file, encoding, batch);
    const written = writer.write(block);
    // `write` has copied its values.
    batch.reuse?.(block.columns);
    batch.release?.();
    await written;
    file.bytes = writer.bytes;
  }

  function release(encoding: Encoding): readonly RecordsMessage[] {
    const { held } = encoding;
    heldInAll -= encoding.heldBytes;
    encoding.held = [];
    encoding.heldBytes = 0;
    return held;
  }

  async function spillRows(file: StreamFile, encoding: Encoding, batches: readonly RecordsMessage[]): Promise<void> {
    encoding.isSpilled = true;
    for (const batch of batches) await spill(spool, file.path, blockOf(file, encoding, batch));
    file.bytes = spool.sizeOf(file.path) / compression;
  }

  async function close(file: StreamFile, writer: ParquetWriter): Promise<void> {
    const written = await writer.close();
    writers.delete(writer);
    checkRows(file, written);
  }

  /** Encodes a few rows in this thread, since another thread would cost more than they do. */
  async function encodeHere(
    file: StreamFile,
    { columns: { columns }, path }: Encoding,
    blocks: AsyncIterable<Block> | Iterable<Block>,
  ): Promise<void> {
    const parts: Uint8Array[] = [];
    compress ??= loadCodec(codec);
    const encoder = createParquetEncoder({
      columns,
      codec,
      compress: await compress,
      output: (bytes) => parts.push(bytes.slice()),
    });
    for await (const block of blocks) encoder.add(block);
    checkRows(file, encoder.finish());
    for (const part of parts) await spool.append(path, part);
  }

  async function encodeSpilled(file: StreamFile, encoding: Encoding, signal: AbortSignal): Promise<void> {
    const blocks = spilledBlocks(spool, file.path);
    if (spool.sizeOf(file.path) <= mostHeld) await encodeHere(file, encoding, blocks);
    else {
      const writer = openWriter(encoding, signal);
      for await (const block of blocks) await writer.write(block);
      await close(file, writer);
    }
    await spool.remove(file.path);
  }

  async function finish(file: StreamFile, signal: AbortSignal): Promise<string> {
    const encoding = encodingOf(file);
    encodings.delete(file);
    if (encoding.isWritten) return encoding.path;
    if (encoding.writer !== undefined) await close(file, encoding.writer);
    else if (encoding.isSpilled) {
      // One at a time: each needs a thread, and memory for its row groups.
      const encoded = turn.then(() => encodeSpilled(file, encoding, signal));
      turn = encoded.catch(() => undefined);
      await encoded;
    } else {
      const held = release(encoding);
      await encodeHere(
        file,
        encoding,
        held.map((batch) => blockOf(file, encoding, batch)),
      );
    }
    return encoding.path;
  }

  return {
    extension: 'parquet',
    contentType: 'application/vnd.apache.parquet',
    leavesOutPathColumns: true,
    check({ stream, schema, keyProperties }, batch) {
      parquetColumns(stream, schema, settings).valuesOf(batch, keyProperties);
    },
    async append(file, batch) {
      const encoding = encodingOf(file);
      try {
        if (encoding.writer !== undefined) return await writeBatch(file, encoding, encoding.writer, batch);
        if (encoding.isSpilled) return await spillRows(file, encoding, [batch]);
        // Checks the rows now, while they can still be rejected. Only the lines are kept, since their columns take more memory.
        blockOf(file, encoding, copyOf(batch));
        encoding.held.push(batch);
        encoding.heldBytes += batch.bytes;
        heldInAll += batch.bytes;
        file.bytes = encoding.heldBytes / compression;
        if (encoding.heldBytes <= mostHeld && heldInAll <= mostHeldInAll) return;
        if (writers.size >= mostWriters) return await spillRows(file, encoding, release(encoding));
        const writer = openWriter(encoding);
        encoding.writer = writer;
        for (const one of release(encoding)) await writeBatch(file, encoding, writer, one);
      } catch (error) {
        throw parquetError(error, file.stream);
      }
    },
    async seal(file) {
      const encoding = encodingOf(file);
      if (encoding.writer === undefined) return;
      try {
        await close(file, encoding.writer);
        encoding.isWritten = true;
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
      await threads[Symbol.asyncDispose]();
    },
  };
}

/** A copy of a batch, so that the batch itself does not keep the columns that are derived from its rows or lines. */
function copyOf(batch: RecordsMessage): RecordsMessage {
  if (batch.face === 'columns') return batch;
  const { stream, schema, version, extractedAt, exact, count } = batch;
  const header = { stream, schema, version, extractedAt, exact };
  return batch.face === 'rows' ? Batch.ofRows(header, batch.rows()) : Batch.ofLines(header, batch.lines(), count);
}

/** Compares the number of encoded rows with those that were added. */
function checkRows({ stream, rows }: StreamFile, written: ParquetFile): void {
  if (written.rows !== rows) throw rowsLost(stream, rows, written.rows);
}

function warnOfNames(stream: string, names: Readonly<Record<string, string>>, warned: Set<string>, log: Log): void {
  if (Object.keys(names).length === 0 || warned.has(stream)) return;
  warned.add(stream);
  log.warn('Columns are renamed in Parquet, whose readers ignore case and require a name.', { stream, names });
}
