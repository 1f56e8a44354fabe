/** The thread that encodes: what openParquetWriter starts. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadCodec } from '../codec/codec.ts';
import { createParquetEncoder } from '../encode/encoder.ts';
import { ParquetError } from '../parquet-error.ts';
import { blockBuffers } from './block-buffers.ts';
import type { FromWorker, ThreadSettings, ToWorker } from './messages.ts';

async function encode(): Promise<void> {
  const settings = workerData as ThreadSettings;
  const compress = await loadCodec(settings.codec, settings.level);
  const encoder = createParquetEncoder({
    ...settings,
    compress,
    output: (bytes) => send({ kind: 'bytes', bytes }, [bytes.buffer]),
  });
  parentPort?.on('message', (message: ToWorker) => {
    try {
      if (message.kind === 'end') {
        send({ kind: 'finished', file: encoder.finish() });
        parentPort?.close();
        return;
      }
      encoder.add(message.block);
      send({ kind: 'block', block: message.block }, blockBuffers(message.block));
    } catch (error) {
      fail(error);
    }
  });
}

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function fail(error: unknown): void {
  send({ kind: 'failed', error, code: error instanceof ParquetError ? error.code : undefined });
  parentPort?.close();
}

encode().catch(fail);
