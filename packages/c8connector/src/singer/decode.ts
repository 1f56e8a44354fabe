import type { Log } from '../interface/log.ts';
import type { Exactness, SourceMessage } from '../interface/messages.ts';
import { lineDecoder } from './decode-lines.ts';
import { lineSplitter } from './split-lines.ts';

export interface DecodeOptions {
  /** How decimals and JSON columns shall stand in the lines of the batches. */
  readonly exact: Exactness;
  readonly log: Log;
  /** A batch holds no more bytes than these before it is made exact, unless a single row is longer. 2 MB when left out. */
  readonly batchBytes?: number;
  /** A batch is closed after so many milliseconds, also while the input is silent. 1000 when left out. */
  readonly batchAge?: number;
}

/**
 * Singer text of any tap as messages, in their order. RECORDs of one stream and version that follow each other become one batch, whose lines are sliced from
 * the text. Columns that the SCHEMA lacks are left out with a warning; a SCHEMA without columns carries its records whole.
 * Broken lines are a ProtocolError that says `line N`: `line_invalid`, `record_before_schema`, `record_invalid`; a useless schema is a DataError `schema_invalid`.
 */
export async function* decodeMessages(
  input: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<SourceMessage, void, undefined> {
  const { exact, log, batchBytes = 2 << 20, batchAge = 1000 } = options;
  const decoder = lineDecoder({ exact, log, batchBytes });
  const splitter = lineSplitter();
  const iterator = input[Symbol.asyncIterator]();
  const waitingTime = () => {
    const openedAt = decoder.openedAt();
    return openedAt === undefined ? Number.POSITIVE_INFINITY : openedAt + batchAge - Date.now();
  };
  let pending: Promise<IteratorResult<Uint8Array>> | undefined;
  let isOver = false;
  try {
    for (;;) {
      pending ??= iterator.next();
      const result = await within(pending, waitingTime());
      if (result === undefined) {
        yield* decoder.close();
        continue;
      }
      pending = undefined;
      isOver = result.done === true;
      if (isOver) break;
      for (const block of splitter.push(result.value)) yield* decoder.block(block);
      decoder.checkNext(splitter.pendingBytes);
      if (waitingTime() <= 0) yield* decoder.close();
    }
    yield* decoder.block(splitter.end());
    yield* decoder.close();
  } catch (error) {
    // The records before a broken line are good.
    yield* decoder.close();
    throw error;
  } finally {
    if (!isOver) await release(iterator, pending !== undefined);
  }
}

/** The result, or undefined once the time is over. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  if (milliseconds === Number.POSITIVE_INFINITY) return promise;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, milliseconds), undefined);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** `return()` of an input that is being waited for may queue behind that wait, which may never end: it is not awaited then. */
async function release(iterator: AsyncIterator<unknown>, isWaiting: boolean): Promise<void> {
  const released = iterator.return?.();
  if (isWaiting) released?.catch(() => undefined);
  else await released;
}
