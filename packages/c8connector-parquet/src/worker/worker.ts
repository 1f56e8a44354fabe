/** The program of the encoding thread, which startEncoderThread starts. */
import { parentPort } from 'node:worker_threads';
import { loadCodec } from '../codec/codec.ts';
import type { Block } from '../columns.ts';
import { createParquetEncoder, type ParquetEncoder } from '../encode/encoder.ts';
import { ParquetError } from '../parquet-error.ts';
import type { FromWorker, ThreadSettings, ToWorker } from './messages.ts';

/** The encoder of the current file; undefined once it has failed. */
let current: ParquetEncoder | undefined;
/** The last encoder, whose memory the next one reuses. */
let last: ParquetEncoder | undefined;

async function begin(settings: ThreadSettings): Promise<void> {
  const compress = await loadCodec(settings.codec, settings.level);
  const output = (bytes: Uint8Array<ArrayBuffer>) => send({ kind: 'bytes', bytes }, [bytes.buffer]);
  current = createParquetEncoder({ ...settings, compress, output, memory: takeMemory }, last);
  last = current;
}

async function handle(message: ToWorker): Promise<void> {
  try {
    if (message.kind === 'begin') await begin(message.settings);
    else if (message.kind === 'block') addBlock(message.block);
    else if (message.kind === 'memory') keepMemory(message.buffer);
    else if (current !== undefined) end(current, message.kind);
  } catch (error) {
    current = undefined;
    send({ kind: 'failed', error, code: error instanceof ParquetError ? error.code : undefined });
  }
}

function addBlock(block: Block): void {
  try {
    current?.add(block);
  } finally {
    send({ kind: 'taken' });
  }
}

function end(encoder: ParquetEncoder, how: 'end' | 'drop'): void {
  send(how === 'end' ? { kind: 'finished', file: encoder.finish() } : { kind: 'dropped' });
  current = undefined;
}

/** Memory of bytes that were taken: to get it anew for all bytes of a file costs more than to copy them. */
const free: ArrayBuffer[] = [];
const mostFree = 16;
/** Columns of row groups differ in size: each array has room for most. */
const usualSize = 1024 * 1024;

function takeMemory(size: number): Uint8Array<ArrayBuffer> {
  const found = free.findIndex(({ byteLength }) => byteLength >= size);
  const [buffer = new ArrayBuffer(Math.max(size, usualSize))] = found < 0 ? [] : free.splice(found, 1);
  return new Uint8Array(buffer);
}

function keepMemory(buffer: ArrayBuffer): void {
  const { byteLength } = buffer;
  if (free.length < mostFree && byteLength >= usualSize && byteLength <= 8 * usualSize) free.push(buffer);
}

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

/** Resolves when all messages so far were handled, one after another, since loading a codec is asynchronous. */
let turn: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: ToWorker) => {
  turn = turn.then(() => handle(message));
});
