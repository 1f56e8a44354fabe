import { Worker } from 'node:worker_threads';
import type { Block } from '../columns.ts';
import type { ParquetFile } from '../encode/encoder.ts';
import { ParquetError } from '../parquet-error.ts';
import type { FromWorker, ThreadSettings, ToWorker } from './messages.ts';
import { shareBlock } from './shared-block.ts';

/** The events of a file on a thread. Either `onFinished` or `onError` is called, once, as the last event. */
export interface ThreadEvents {
  onBytes(bytes: Uint8Array<ArrayBuffer>): void;
  /** A block was processed. */
  onTaken(): void;
  onFinished(file: ParquetFile): void;
  onError(error: ParquetError): void;
}

/** A file that a thread encodes. */
export interface ThreadFile {
  /** Copies a checked block. */
  send(block: Block): void;
  /** Lets the thread fill memory of bytes again that it has sent. */
  giveBack(buffer: ArrayBuffer): void;
  end(): void;
  /** Cancels the file, and resolves when no more work is done for it; does nothing when it has finished. A thread without another file is ended, whatever it is doing. No more events follow. */
  drop(): Promise<void>;
}

/** A thread that encodes one file after another, so that its compiled code is reused. Without a file it does not keep the process alive. */
export interface EncoderThread {
  /** Whether a file can be begun: all earlier files have been ended or dropped, though they may not have finished. */
  readonly isFree: boolean;
  /** Begins a file. However the thread ends, even out of memory, `onFinished` or `onError` is called. */
  begin(settings: ThreadSettings, events: ThreadEvents): ThreadFile;
  /** Ends the thread and resolves when it has ended. No more events follow. */
  stop(): Promise<void>;
}

/** A file that has not finished; without `events` once it was dropped. */
interface Running {
  events: ThreadEvents | undefined;
  isEnded: boolean;
}

/** Of the objects of a thread hardly any live long, since values lie in arrays. By itself Node would let them take 48 MB. */
const youngMegabytes = 6;

/** Starts a thread that runs `program`. */
export function startEncoderThread(program = new URL('./worker.js', import.meta.url)): EncoderThread {
  // Options of the program, such as modules to import first, are not meant for this thread.
  const worker = new Worker(program, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } });
  worker.unref();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  /** Files in the order in which they were begun, which is also that of the thread's messages. */
  const files: Running[] = [];
  /** Blocks that were sent, in order, with the memory to reuse for later ones. */
  const sent: { readonly file: Running; readonly memory: SharedArrayBuffer | undefined }[] = [];
  const free: SharedArrayBuffer[] = [];
  let isOver = false;

  function fail(message: string, cause?: unknown): void {
    isOver = true;
    for (const { events } of files.splice(0)) events?.onError(threadError(message, cause));
  }

  function onMessage(message: FromWorker): void {
    if (message.kind === 'taken') {
      takeBack();
      return;
    }
    const events = files[0]?.events;
    if (isLast(message)) {
      files.shift();
      if (files.length === 0) worker.unref();
    }
    if (events !== undefined) report(message, events);
  }

  function takeBack(): void {
    const block = sent.shift();
    if (block === undefined) return;
    if (block.memory !== undefined) free.push(block.memory);
    block.file.events?.onTaken();
  }

  function send(file: Running, given: Block): void {
    const memory = free.pop();
    const { block, shared, own } = shareBlock(given, memory);
    sent.push({ file, memory: shared ?? memory });
    post({ kind: 'block', block }, own === undefined ? [] : [own]);
  }

  async function stop(): Promise<void> {
    isOver = true;
    files.length = 0;
    void worker.terminate();
    await exited;
  }

  async function drop(file: Running): Promise<void> {
    if (!files.includes(file)) return;
    file.events = undefined;
    if (files.every(({ events }) => events === undefined)) await stop();
    else if (!file.isEnded) post({ kind: 'drop' });
    file.isEnded = true;
  }

  function post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    worker.postMessage(message, transfer);
  }

  worker.on('message', onMessage);
  worker.once('error', (error) => fail('broke', error));
  worker.once('messageerror', (error) => fail('sent what cannot be read', error));
  worker.once('exit', (code) => fail(`ended unexpectedly with exit code ${code}`));
  return {
    get isFree() {
      return !isOver && files.every(({ isEnded }) => isEnded);
    },
    begin(settings, events) {
      const file: Running = { events, isEnded: false };
      files.push(file);
      worker.ref();
      post({ kind: 'begin', settings });
      return {
        send: (block) => send(file, block),
        giveBack(buffer) {
          if (!isOver) post({ kind: 'memory', buffer }, [buffer]);
        },
        end() {
          file.isEnded = true;
          post({ kind: 'end' });
        },
        drop: () => drop(file),
      };
    },
    stop,
  };
}

/** Whether a message is the last one of its file. */
function isLast({ kind }: FromWorker): boolean {
  return kind === 'finished' || kind === 'failed' || kind === 'dropped';
}

function report(message: FromWorker, events: ThreadEvents): void {
  switch (message.kind) {
    case 'bytes':
      events.onBytes(message.bytes);
      break;
    case 'finished':
      events.onFinished(message.file);
      break;
    case 'taken':
    case 'dropped':
      break;
    case 'failed':
      events.onError(
        message.code === undefined
          ? threadError('could not continue', message.error)
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
