import type { DuckDBConnection } from '@duckdb/node-api';
import type { Log } from 'c8connector';
import type { Compression, Settings } from './config.ts';
import { diskError, driverMissing } from './errors.ts';
import type { Format, StreamFile } from './format.ts';
import { type ParquetColumn, parquetColumns, renamed, storedRows } from './parquet-columns.ts';
import { append, type Spool } from './spool.ts';
import { quoteText } from './sql.ts';
import { unstorableRow } from './unstorable.ts';

/** Parquet by DuckDB, from a file of JSON lines; one database in memory serves all files of a `write`. */
export async function openParquet(
  spool: Spool,
  { compression, timeType }: Pick<Settings, 'compression' | 'timeType'>,
  log: Log,
): Promise<Format & AsyncDisposable> {
  const { DuckDBInstance } = await importDriver();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    preserve_insertion_order: 'false',
    temp_directory: spool.newPath(),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  const warned = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();
  const encode = async (file: StreamFile, signal: AbortSignal): Promise<string> => {
    const columns = parquetColumns(file.schema, timeType);
    warnOfNames(file.stream, columns, warned, log);
    const path = spool.newPath();
    await makeParquet(connection, file, columns, path, compression, signal, spool.directory);
    await spool.remove(file.path);
    return path;
  };
  return {
    extension: 'parquet',
    contentType: 'application/vnd.apache.parquet',
    append: (file, lines) => append(file.path, lines, spool.directory),
    finish(file, signal) {
      // One at a time: each uses all threads, and memory for its row groups.
      const encoded = turn.then(() => encode(file, signal));
      turn = encoded.catch(() => undefined);
      return encoded;
    },
    async [Symbol.asyncDispose]() {
      connection.interrupt();
      await turn;
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A ConfigError `driver_missing` when the optional package is not there. */
export async function importDriver(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw driverMissing(error);
  }
}

const codecs = { none: 'uncompressed', gzip: 'gzip', snappy: 'snappy', zstd: 'zstd' } as const satisfies Record<
  Compression,
  string
>;

async function makeParquet(
  connection: DuckDBConnection,
  file: StreamFile,
  columns: readonly ParquetColumn[],
  path: string,
  compression: Compression,
  signal: AbortSignal,
  directory: string,
): Promise<void> {
  signal.throwIfAborted();
  const interrupt = () => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    await connection.run(`SET memory_limit = '${memoryLimit(file)}MB'`);
    await connection.run(
      `COPY (${storedRows(file.path, columns, file.largestBatch)}) TO ${quoteText(path)} ` +
        `(FORMAT parquet, COMPRESSION ${codecs[compression]}, ROW_GROUP_SIZE_BYTES '64MB')`,
    );
  } catch (error) {
    signal.throwIfAborted();
    const known = diskError(error, directory);
    throw known === error ? await unstorableRow(connection, file, columns, error) : known;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** Rows larger than the usual need buffers of their own. */
function memoryLimit({ largestBatch }: StreamFile): number {
  return Math.max(1_000, Math.ceil(largestBatch / 1_000_000) * 20);
}

function warnOfNames(stream: string, columns: readonly ParquetColumn[], warned: Set<string>, log: Log): void {
  const names = renamed(columns);
  if (Object.keys(names).length === 0 || warned.has(stream)) return;
  warned.add(stream);
  log.warn('Columns have another name in Parquet, whose readers fold case and need a name.', { stream, names });
}
