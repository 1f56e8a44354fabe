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
  /** `gzip`: 1 to 9, `zstd`: 1 to 22; 1 unless given. The others have none. */
  readonly level?: number;
  /** Gets the bytes of the file while it is being made, each column of a row group as soon as it is encoded. */
  readonly sink: Sink;
  /** Ends the writer: what is under way rejects with the reason. */
  readonly signal?: AbortSignal;
}

/**
 * Writes one file. Once it has failed, by a block, by the sink, by the signal or with the thread, each call rejects with that error, and the bytes that the sink has
 * are no file. To be closed or disposed of: its thread keeps the process alive.
 */
export interface ParquetWriter {
  /**
   * Takes the values of a block, whose arrays can be filled again when the call has returned. Resolves when there is room for another block: wait for it, since that is what bounds the memory. A
   * block of another shape is refused here; a value that is too long, or ends before it begins, fails the writer a moment later.
   */
  write(block: Block): Promise<void>;
  /** Of the file so far, without the last block: the same however fast its thread is. */
  readonly bytes: number;
  /** Resolves when the sink has taken the whole file and the thread has ended. */
  close(): Promise<ParquetFile>;
  /** Ends the thread and resolves when it has ended. After `close` it does nothing; before, the bytes that the sink has are no file. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a thread that encodes one file. A ParquetError `columns_invalid` or `settings_invalid` is thrown here, before there is a thread. */
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

/** Threads that encode one file after the other. Disposing of them ends them, and the writers that are open. */
export interface ParquetThreads extends AsyncDisposable {
  /** As {@link openParquetWriter}, in a thread that is free, or in a new one. It is free for the next file when `close` is called: that waits for its turn. */
  openWriter(options: ParquetWriterOptions): ParquetWriter;
}

/** For many files: a thread that has encoded one is warm for the next. There are as many threads as files were written to at once. */
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
      const writing = startWriting(settings.columns, begin, options.sink, options.signal);
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
