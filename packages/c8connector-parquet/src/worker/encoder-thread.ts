import { Worker } from 'node:worker_threads';
import type { Block } from '../columns.ts';
import type { ParquetFile } from '../encode/encoder.ts';
import { ParquetError } from '../parquet-error.ts';
import { blockBuffers } from './block-buffers.ts';
import type { FromWorker, ThreadSettings, ToWorker } from './messages.ts';

/** What a thread reports of a file. After `onFinished` or `onError`, one of which is called once, no other is. */
export interface ThreadEvents {
  onBytes(bytes: Uint8Array<ArrayBuffer>): void;
  onBlock(block: Block): void;
  onFinished(file: ParquetFile): void;
  onError(error: ParquetError): void;
}

/** A thread that encodes one file after the other: what it has compiled for the first serves the others. */
export interface EncoderThread {
  /** Whether it has ended, or will: no file can be begun. */
  readonly isOver: boolean;
  /** Begins a file, once the one before has finished. Until then the thread keeps the process alive. However the thread ends, out of memory too, `onFinished` or `onError` is called. */
  begin(settings: ThreadSettings, events: ThreadEvents): void;
  /** Transfers the buffers of the block. Throws a ParquetError `block_invalid` when one of them cannot be. */
  send(block: Block): void;
  end(): void;
  /** Ends the thread, whatever it does, and resolves when it has ended. No event comes any more. */
  stop(): Promise<void>;
}

/** `program` is what the thread runs. */
export function startEncoderThread(program = new URL('./worker.js', import.meta.url)): EncoderThread {
  // Options of the program, such as modules to import first, are not meant for this thread.
  const worker = new Worker(program, { execArgv: [] });
  worker.unref();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  /** Of the file that is under way. */
  let events: ThreadEvents | undefined;
  let isOver = false;
  const fail = (message: string, cause?: unknown) => {
    isOver = true;
    const failed = events;
    events = undefined;
    failed?.onError(threadError(message, cause));
  };
  worker.on('message', (message: FromWorker) => {
    const to = events;
    if (to === undefined) return;
    if (message.kind === 'failed') isOver = true;
    if (message.kind === 'finished' || message.kind === 'failed') {
      events = undefined;
      worker.unref();
    }
    report(message, to);
  });
  worker.once('error', (error) => fail('broke', error));
  worker.once('messageerror', (error) => fail('sent what cannot be read', error));
  worker.once('exit', (code) => fail(`ended by itself with exit code ${code}`));
  const post = (message: ToWorker, buffers: ArrayBuffer[] = []) => worker.postMessage(message, buffers);
  return {
    get isOver() {
      return isOver;
    },
    begin(settings, ofFile) {
      events = ofFile;
      worker.ref();
      post({ kind: 'begin', settings });
    },
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
      events = undefined;
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
