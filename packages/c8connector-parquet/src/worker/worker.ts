/** The thread that encodes: what startEncoderThread runs. */
import { parentPort } from 'node:worker_threads';
import { loadCodec } from '../codec/codec.ts';
import { createParquetEncoder, type ParquetEncoder } from '../encode/encoder.ts';
import { ParquetError } from '../parquet-error.ts';
import { blockBuffers } from './block-buffers.ts';
import type { FromWorker, ThreadSettings, ToWorker } from './messages.ts';

/** Of the file that is being made; none once it has failed. */
let current: ParquetEncoder | undefined;
/** The last one: its memory serves the next. */
let last: ParquetEncoder | undefined;

async function begin(settings: ThreadSettings): Promise<void> {
  const compress = await loadCodec(settings.codec, settings.level);
  const output = (bytes: Uint8Array<ArrayBuffer>) => send({ kind: 'bytes', bytes }, [bytes.buffer]);
  current = createParquetEncoder({ ...settings, compress, output }, last);
  last = current;
}

function encode(encoder: ParquetEncoder, message: Exclude<ToWorker, { kind: 'begin' }>): void {
  if (message.kind === 'block') {
    encoder.add(message.block);
    send({ kind: 'block', block: message.block }, blockBuffers(message.block));
    return;
  }
  if (message.kind === 'end') send({ kind: 'finished', file: encoder.finish() });
  else send({ kind: 'dropped' });
  current = undefined;
}

async function handle(message: ToWorker): Promise<void> {
  try {
    if (message.kind === 'begin') await begin(message.settings);
    else if (current !== undefined) encode(current, message);
  } catch (error) {
    current = undefined;
    send({ kind: 'failed', error, code: error instanceof ParquetError ? error.code : undefined });
  }
}

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

/** Ends when everything that came was handled: a codec is loaded first. */
let turn: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: ToWorker) => {
  turn = turn.then(() => handle(message));
});
