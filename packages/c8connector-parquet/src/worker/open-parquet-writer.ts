import { codecLevel } from '../codec/codec.ts';
import type { Block } from '../columns.ts';
import type { ParquetFile } from '../encode/encoder.ts';
import { checkedLimits, type EncoderLimits } from '../encode/limits.ts';
import type { Codec } from '../format/footer.ts';
import { checkColumns, type ParquetColumn } from '../format/schema.ts';
import { type EncoderThread, startEncoderThread, type ThreadEvents } from './encoder-thread.ts';
import type { ThreadSettings } from './messages.ts';
import type { Sink } from './ordered-sink.ts';
import {
  bytesBeforeLast,
  closeWriting,
  disposeWriting,
  hasEnded,
  startWriting,
  type Writing,
  writeBlock,
} from './writing.ts';

export interface ParquetWriterOptions extends EncoderLimits {
  readonly columns: readonly ParquetColumn[];
  /** `zstd` unless given. */
  readonly codec?: Codec;
  /** `gzip`: 1 to 9, `zstd`: 1 to 22; 1 unless given. Other codecs have no levels. */
  readonly level?: number;
  /** Receives the bytes of the file while it is written, up to 1 MiB at a time. */
  readonly sink: Sink;
  /** Whether the bytes that the sink is given are its own only until its promise is fulfilled: their memory is then filled again, which saves time. False unless given. */
  readonly reusesBytes?: boolean;
  /** Aborts the writer: pending calls reject with the reason. */
  readonly signal?: AbortSignal;
}

/**
 * Writes one file. After a failure of a block, the sink, the signal or the thread, each call rejects with that error, and the bytes in the sink are not a valid file. To be closed or
 * disposed of: its thread keeps the process alive.
 */
export interface ParquetWriter {
  /**
   * Copies the values of a block, whose arrays can be reused when the call has returned. Resolves when there is room for another block: await it to keep memory bounded. A block of another
   * shape is refused here; a value that is too long, or that ends before it begins, fails the writer a moment later.
   */
  write(block: Block): Promise<void>;
  /** Bytes of the file so far, without the last block, so that they do not depend on the speed of the thread. */
  readonly bytes: number;
  /** Resolves when the sink has accepted the whole file and the thread has ended. */
  close(): Promise<ParquetFile>;
  /** Ends the thread and resolves when it has ended. Does nothing after `close`; before it, the bytes in the sink are not a valid file. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a thread that encodes one file. Throws a ParquetError `columns_invalid` or `settings_invalid` before the thread is started. */
export function openParquetWriter(options: ParquetWriterOptions): ParquetWriter {
  const threads = openParquetThreads();
  const writer = threads.openWriter(options);
  return {
    write: writer.write,
    get bytes() {
      return writer.bytes;
    },
    async close() {
      try {
        return await writer.close();
      } finally {
        await threads[Symbol.asyncDispose]();
      }
    },
    async [Symbol.asyncDispose]() {
      await threads[Symbol.asyncDispose]();
    },
  };
}

/** Threads that encode one file after another. Disposing of them ends them, together with open writers. */
export interface ParquetThreads extends AsyncDisposable {
  /** Like {@link openParquetWriter}, in a free thread or in a new one. As soon as `close` is called, the thread accepts the next file, which waits for its turn. */
  openWriter(options: ParquetWriterOptions): ParquetWriter;
}

/** Threads for many files: a thread that has encoded a file is warm for the next one. There are as many threads as files were open at the same time. */
export function openParquetThreads(): ParquetThreads {
  const threads = new Set<EncoderThread>();
  const open = new Set<Writing>();

  function freeThread(): EncoderThread {
    for (const thread of threads) if (thread.isFree) return thread;
    const thread = startEncoderThread();
    threads.add(thread);
    return thread;
  }

  return {
    openWriter(options) {
      const settings = threadSettings(options);
      options.signal?.throwIfAborted();
      for (const writing of open) if (hasEnded(writing)) open.delete(writing);
      const begin = (events: ThreadEvents) => freeThread().begin(settings, events);
      const writing = startWriting(settings.columns, begin, options);
      open.add(writing);
      return {
        write: (block) => writeBlock(writing, block),
        get bytes() {
          return bytesBeforeLast(writing);
        },
        close: () => closeWriting(writing),
        [Symbol.asyncDispose]: () => disposeWriting(writing),
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...open].map(disposeWriting));
      await Promise.all([...threads].map((thread) => thread.stop()));
    },
  };
}

function threadSettings({ columns, codec = 'zstd', level, ...limits }: ParquetWriterOptions): ThreadSettings {
  checkColumns(columns);
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    codec,
    level: codecLevel(codec, level),
    ...checkedLimits(limits),
  };
}
