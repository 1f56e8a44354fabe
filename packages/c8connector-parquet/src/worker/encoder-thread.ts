import { Worker } from 'node:worker_threads';
import type { Block } from '../columns.ts';
import type { ParquetFile } from '../encode/encoder.ts';
import { ParquetError } from '../parquet-error.ts';
import { blockBuffers } from './block-buffers.ts';
import type { FromWorker, ThreadSettings, ToWorker } from './messages.ts';

/** What a thread reports. After `onError`, which is called once at most, no other is. */
export interface ThreadEvents {
  onBytes(bytes: Uint8Array<ArrayBuffer>): void;
  onBlock(block: Block): void;
  onFinished(file: ParquetFile): void;
  onError(error: ParquetError): void;
}

export interface EncoderThread {
  /** Transfers the buffers of the block. Throws a ParquetError `block_invalid` when one of them cannot be. */
  send(block: Block): void;
  end(): void;
  /** Ends the thread, whatever it does, and resolves when it has ended. No event comes any more. */
  stop(): Promise<void>;
}

/** However the thread ends, out of memory too, `onFinished` or `onError` is called. `program` is what it runs. */
export function startEncoderThread(
  settings: ThreadSettings,
  events: ThreadEvents,
  program = new URL('./worker.js', import.meta.url),
): EncoderThread {
  // Options of the program, such as modules to import first, are not meant for this thread.
  const worker = new Worker(program, { workerData: settings, execArgv: [] });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let isOver = false;
  const fail = (message: string, cause?: unknown) => {
    if (isOver) return;
    isOver = true;
    events.onError(threadError(message, cause));
  };
  worker.on('message', (message: FromWorker) => {
    if (isOver) return;
    isOver = message.kind === 'finished' || message.kind === 'failed';
    report(message, events);
  });
  worker.once('error', (error) => fail('broke', error));
  worker.once('messageerror', (error) => fail('sent what cannot be read', error));
  worker.once('exit', (code) => fail(`ended by itself with exit code ${code}`));
  const post = (message: ToWorker, buffers: ArrayBuffer[] = []) => worker.postMessage(message, buffers);
  return {
    send(block) {
      try {
        post({ kind: 'block', block }, blockBuffers(block));
      } catch (cause) {
        const reason = `A block cannot be transferred to the thread: ${textOf(cause)}`;
        throw new ParquetError('block_invalid', `${reason}. Give each array a buffer of its own.`, { cause });
      }
    },
    end: () => post({ kind: 'end' }),
    async stop() {
      isOver = true;
      void worker.terminate();
      await exited;
    },
  };
}

function report(message: FromWorker, events: ThreadEvents): void {
  switch (message.kind) {
    case 'bytes':
      events.onBytes(message.bytes);
      break;
    case 'block':
      events.onBlock(message.block);
      break;
    case 'finished':
      events.onFinished(message.file);
      break;
    case 'failed':
      events.onError(
        message.code === undefined
          ? threadError('could not go on', message.error)
          : new ParquetError(message.code, textOf(message.error), { cause: message.error }),
      );
  }
}

function threadError(message: string, cause: unknown): ParquetError {
  const reason = cause === undefined ? '' : `: ${textOf(cause)}`;
  return new ParquetError('worker_failed', `The thread that encodes Parquet ${message}${reason}`, { cause });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
