import type { Block } from '../columns.ts';
import { checkBlock } from '../encode/check-block.ts';
import type { ParquetFile } from '../encode/encoder.ts';
import type { ParquetColumn } from '../format/schema.ts';
import { ParquetError } from '../parquet-error.ts';
import type { ThreadEvents, ThreadFile } from './encoder-thread.ts';
import { createOrderedSink, type OrderedSink, type Sink } from './ordered-sink.ts';

/** A file that is being written: the thread, the sink, and the state between them. */
export interface Writing {
  readonly columns: readonly ParquetColumn[];
  readonly thread: ThreadFile;
  readonly output: OrderedSink;
  /** Stops listening to the abort signal. */
  readonly ignoreSignal: () => void;
  /** Number of blocks that the thread has not processed yet. */
  blocks: number;
  /** Bytes of the file without the last block that the thread has taken, and with it. */
  bytesBefore: number;
  bytesAfter: number;
  /** Rows that were written. */
  rows: number;
  /** Callbacks of calls that wait for a change. */
  readonly waiting: (() => void)[];
  isClosing: boolean;
  failure: { readonly error: unknown } | undefined;
  file: ParquetFile | undefined;
}

/** The most blocks at the thread: one that it works on, and one that waits. */
const mostBlocks = 2;

/** When more bytes than this wait for the sink, writes wait too. */
const mostWaitingBytes = 8 * 1024 * 1024;

/** See `ParquetWriterOptions`. */
interface WritingOptions {
  readonly sink: Sink;
  readonly signal?: AbortSignal;
  readonly reusesBytes?: boolean;
}

/** Begins a file on the thread that `begin` returns. */
export function startWriting(
  columns: readonly ParquetColumn[],
  begin: (events: ThreadEvents) => ThreadFile,
  { sink, signal, reusesBytes = false }: WritingOptions,
): Writing {
  const fail = (error: unknown) => failWriting(writing, error);
  const abort = () => fail(signal?.reason);
  const writing: Writing = {
    columns,
    output: createOrderedSink(
      sink,
      ({ buffer }) => {
        if (reusesBytes) writing.thread.giveBack(buffer);
        wake(writing);
      },
      fail,
    ),
    thread: begin({
      onBytes: (bytes) => writing.output.push(bytes),
      onTaken() {
        writing.blocks--;
        writing.bytesBefore = writing.bytesAfter;
        writing.bytesAfter = writing.output.waitingBytes + writing.output.takenBytes;
        wake(writing);
      },
      onFinished(file) {
        writing.file = file;
        wake(writing);
      },
      onError: fail,
    }),
    ignoreSignal: () => signal?.removeEventListener('abort', abort),
    blocks: 0,
    bytesBefore: 0,
    bytesAfter: 0,
    rows: 0,
    waiting: [],
    isClosing: false,
    failure: undefined,
    file: undefined,
  };
  signal?.addEventListener('abort', abort, { once: true });
  return writing;
}

export async function writeBlock(writing: Writing, block: Block): Promise<void> {
  refuseEnded(writing);
  const { rows } = block;
  try {
    // The thread checks it too, but here the error reaches the caller of this block.
    checkBlock(block, writing.columns);
    writing.thread.send(block);
  } catch (error) {
    failWriting(writing, error);
    throw error;
  }
  writing.blocks++;
  writing.rows += rows;
  await until(writing, () => writing.blocks < mostBlocks && writing.output.waitingBytes < mostWaitingBytes);
}

export async function closeWriting(writing: Writing): Promise<ParquetFile> {
  refuseEnded(writing);
  writing.isClosing = true;
  writing.thread.end();
  await until(writing, () => isWritten(writing));
  writing.ignoreSignal();
  return checkedFile(writing);
}

export async function disposeWriting(writing: Writing): Promise<void> {
  writing.isClosing = true;
  if (isWritten(writing)) return;
  failWriting(writing, closedError());
  await writing.thread.drop();
}

/** Bytes of the file without the block that was written last. A write waits until the thread has all blocks before it. */
export function bytesBeforeLast({ blocks, bytesBefore, bytesAfter }: Writing): number {
  return blocks === 0 ? bytesBefore : bytesAfter;
}

/** Whether nothing is left to do. */
export function hasEnded(writing: Writing): boolean {
  return writing.failure !== undefined || (writing.isClosing && isWritten(writing));
}

function isWritten({ file, output }: Writing): boolean {
  return file !== undefined && output.waitingBytes === 0;
}

/** Fails the writer, unless it has failed before. The thread is ended, and the sink receives nothing more. */
function failWriting(writing: Writing, error: unknown): void {
  if (writing.failure !== undefined) return;
  writing.failure = { error };
  writing.ignoreSignal();
  writing.output.stop();
  void writing.thread.drop();
  wake(writing);
}

function wake(writing: Writing): void {
  for (const resolve of writing.waiting.splice(0)) resolve();
}

/** Resolves when the condition is true. Rejects with the error that made the writer fail. */
async function until(writing: Writing, isSo: () => boolean): Promise<void> {
  while (writing.failure === undefined && !isSo()) {
    await new Promise<void>((resolve) => writing.waiting.push(resolve));
  }
  if (writing.failure !== undefined) throw writing.failure.error;
}

function refuseEnded({ failure, isClosing }: Writing): void {
  if (failure !== undefined) throw failure.error;
  if (isClosing) throw closedError();
}

function closedError(): ParquetError {
  return new ParquetError('writer_closed', 'The Parquet writer is closed.');
}

/** Compares the counts of the footer with those of what was written and of what the sink accepted. */
function checkedFile({ file, rows, output: { takenBytes } }: Writing): ParquetFile {
  if (file?.rows === rows && file.bytes === takenBytes) return file;
  const counted = `${file?.rows} rows and ${file?.bytes} bytes`;
  throw new ParquetError(
    'rows_differ',
    `The footer counts ${counted}: it got ${rows} rows, and gave ${takenBytes} bytes.`,
  );
}
