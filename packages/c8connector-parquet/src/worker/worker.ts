/** The program of the encoding thread, which startEncoderThread starts. */
import { parentPort } from 'node:worker_threads';
import { loadCodec } from '../codec/codec.ts';
import type { Block } from '../columns.ts';
import { createParquetEncoder, type ParquetEncoder } from '../encode/encoder.ts';
import { ParquetError } from '../parquet-error.ts';
import { gatherOutput } from './gathered-output.ts';
import type { FromWorker, ThreadSettings, ToWorker } from './messages.ts';

/** The encoder of the current file; undefined once it has failed. */
let current: ParquetEncoder | undefined;
/** The last encoder, whose memory the next one reuses. */
let last: ParquetEncoder | undefined;

const output = gatherOutput((bytes) => send({ kind: 'bytes', bytes }, [bytes.buffer]));

async function begin(settings: ThreadSettings): Promise<void> {
  const compress = await loadCodec(settings.codec, settings.level);
  output.clear();
  current = createParquetEncoder({ ...settings, compress, output: output.write }, last);
  last = current;
}

async function handle(message: ToWorker): Promise<void> {
  try {
    if (message.kind === 'begin') await begin(message.settings);
    else if (message.kind === 'block') addBlock(message.block);
    else if (message.kind === 'memory') output.giveBack(message.buffer);
    else if (current !== undefined) end(current, message.kind);
  } catch (error) {
    current = undefined;
    send({ kind: 'failed', error, code: error instanceof ParquetError ? error.code : undefined });
  }
}

function addBlock(block: Block): void {
  try {
    if (current === undefined) return;
    current.add(block);
    output.flush();
  } finally {
    send({ kind: 'taken' });
  }
}

function end(encoder: ParquetEncoder, how: 'end' | 'drop'): void {
  current = undefined;
  if (how === 'drop') send({ kind: 'dropped' });
  else {
    const file = encoder.finish();
    output.flush();
    send({ kind: 'finished', file });
  }
}

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

/** Resolves when all messages so far were handled, one after another, since loading a codec is asynchronous. */
let turn: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: ToWorker) => {
  turn = turn.then(() => handle(message));
});
