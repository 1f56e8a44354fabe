/** The thread that encodes: what startEncoderThread runs. */
import { parentPort } from 'node:worker_threads';
import { loadCodec } from '../codec/codec.ts';
import { createParquetEncoder, type ParquetEncoder } from '../encode/encoder.ts';
import { ParquetError } from '../parquet-error.ts';
import { blockBuffers } from './block-buffers.ts';
import type { FromWorker, ThreadSettings, ToWorker } from './messages.ts';

/** Of the file that was begun last. */
let encoder: Promise<ParquetEncoder> | undefined;
/** Of the file before it: its memory serves the next. */
let finished: ParquetEncoder | undefined;
let hasFailed = false;

async function begin(settings: ThreadSettings): Promise<ParquetEncoder> {
  const compress = await loadCodec(settings.codec, settings.level);
  const output = (bytes: Uint8Array<ArrayBuffer>) => send({ kind: 'bytes', bytes }, [bytes.buffer]);
  return createParquetEncoder({ ...settings, compress, output }, finished);
}

/** Messages are handled in their order, since each waits for the same promise. */
async function handle(message: ToWorker): Promise<void> {
  try {
    if (message.kind === 'begin') encoder = begin(message.settings);
    const current = await encoder;
    if (current !== undefined && !hasFailed) encode(current, message);
  } catch (error) {
    if (!hasFailed) send({ kind: 'failed', error, code: error instanceof ParquetError ? error.code : undefined });
    hasFailed = true;
    parentPort?.close();
  }
}

function encode(current: ParquetEncoder, message: ToWorker): void {
  if (message.kind === 'block') {
    current.add(message.block);
    send({ kind: 'block', block: message.block }, blockBuffers(message.block));
  } else if (message.kind === 'end') {
    send({ kind: 'finished', file: current.finish() });
    finished = current;
  }
}

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

parentPort?.on('message', (message: ToWorker) => void handle(message));
