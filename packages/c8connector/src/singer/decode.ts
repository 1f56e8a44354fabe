import { timedIterator } from '../deadline.ts';
import type { Log } from '../interface/log.ts';
import type { Exactness, SourceMessage } from '../interface/messages.ts';
import { lineDecoder } from './decode-lines.ts';
import { lineSplitter } from './split-lines.ts';

export interface DecodeOptions {
  /** How decimals and JSON columns are to be written in the lines of the batches. */
  readonly exact: Exactness;
  readonly log: Log;
  /** The most bytes of a batch, before conversion to `exact`, unless a single row is longer. 2 MB when left out. */
  readonly batchBytes?: number;
  /** A batch is closed after this many milliseconds, also while the input is silent. 1000 when left out. */
  readonly batchAge?: number;
}

/**
 * Decodes the Singer text of any tap to messages, in their order. Consecutive RECORDs of one stream and version become one batch, whose lines are sliced from
 * the text. Columns that the SCHEMA lacks are left out with a warning; a SCHEMA without columns keeps its records whole.
 * Throws a ProtocolError that names the line, `line_invalid`, `record_before_schema` or `record_invalid`, and a DataError `schema_invalid` for an unusable schema.
 */
export async function* decodeMessages(
  input: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<SourceMessage, void, undefined> {
  const { exact, log, batchBytes = 2 << 20, batchAge = 1000 } = options;
  const decoder = lineDecoder({ exact, log, batchBytes });
  const splitter = lineSplitter();
  const chunks = timedIterator(input);
  const waitingTime = () => {
    const openedAt = decoder.openedAt();
    return openedAt === undefined ? Number.POSITIVE_INFINITY : openedAt + batchAge - Date.now();
  };
  let isOver = false;
  try {
    for (;;) {
      const next = await chunks.next({ milliseconds: waitingTime() });
      if (next === undefined) {
        yield* decoder.close();
        continue;
      }
      if (next.done === true) {
        isOver = true;
        break;
      }
      for (const block of splitter.push(next.value)) yield* decoder.block(block);
      decoder.checkNext(splitter.pendingBytes);
      if (waitingTime() <= 0) yield* decoder.close();
    }
    yield* decoder.block(splitter.end());
    yield* decoder.close();
    decoder.checkEnd();
  } catch (error) {
    // The records before a broken line are valid.
    yield* decoder.close();
    throw error;
  } finally {
    const released = isOver ? undefined : chunks.return();
    // It may wait for a chunk that never comes.
    if (chunks.isWaiting) released?.catch(() => undefined);
    else await released;
  }
}
