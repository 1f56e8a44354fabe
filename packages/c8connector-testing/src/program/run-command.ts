import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Readable, type Writable } from 'node:stream';
import type { Ended, Signal } from './ended.ts';

/** A running program. */
export interface Running {
  readonly pid: number | undefined;
  /** Resolves when the first bytes are on stdout, or when the program has ended without any. */
  readonly began: Promise<void>;
  /** Rejects with the error of `spawn` when there is no such program. */
  readonly ended: Promise<Ended>;
  /** Sends a signal. Only the first one counts; when the program does not end within the grace period, SIGKILL follows. */
  readonly kill: (signal: Signal) => void;
}

/** How a program is run, and when it is stopped. Functions return the signal that is sent to it, or undefined. */
export interface CommandOptions {
  /** Its stdin; empty when left out. */
  readonly input?: string | AsyncIterable<string | Uint8Array>;
  /** Whether stdin stays open after `input`. */
  readonly isInputOpen?: boolean;
  /** Whether stdout is not read, so that the program has to wait; its content is not kept. */
  readonly isUnread?: boolean;
  /** Called with the number of bytes on stdout so far whenever more arrive, until a signal was sent. */
  readonly onOutput?: (bytes: number) => Signal | undefined;
  /** Called with each complete line of stdout, until a signal was sent. */
  readonly onLine?: (line: string) => Signal | undefined;
  /** A signal to send after this many milliseconds. */
  readonly killAfter?: { readonly signal: Signal; readonly milliseconds: number };
  /** Seconds after which it is killed. */
  readonly limit: number;
  /** Seconds after a signal until it is killed; 12 when left out. */
  readonly grace?: number;
  /** Kills it when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Its working folder. */
  readonly folder?: string;
  /** Whether it has its own process group, so that its child processes are killed with it. */
  readonly isGroup?: boolean;
  /** Whether the command is one text for a shell. */
  readonly isShell?: boolean;
  /** The most bytes of stdout and of stderr that are kept; about half a gigabyte when left out, the longest string of Node. */
  readonly mostBytes?: number;
}

const defaultGrace = 12;
const longestText = 500_000_000;

/** Runs a program of any language to its end. Rejects with the error of `spawn` when there is no such program. */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<Ended> {
  return await startCommand(command, options).ended;
}

/** Starts a program of any language. */
export function startCommand([file = '', ...argv]: readonly string[], options: CommandOptions): Running {
  const { folder: cwd, isShell: shell = false, isUnread = false, killAfter, mostBytes = longestText } = options;
  // Windows has no process groups.
  const isGroup = options.isGroup === true && process.platform !== 'win32';
  const child = spawn(file, argv, { cwd, shell, stdio: ['pipe', 'pipe', 'pipe'], detached: isGroup });
  let sentAt: number | undefined;
  let lateAfter: number | undefined;
  let isOver = false;
  const force = (): void => signalTo(child, 'SIGKILL', isGroup);
  const timers = [
    setTimeout(() => {
      lateAfter = options.limit;
      force();
    }, options.limit * 1000),
  ];
  const kill = (signal: Signal): void => {
    if (sentAt !== undefined || isOver) return;
    sentAt = Date.now();
    signalTo(child, signal, isGroup);
    timers.push(setTimeout(force, (options.grace ?? defaultGrace) * 1000));
  };
  if (killAfter !== undefined) timers.push(setTimeout(() => kill(killAfter.signal), killAfter.milliseconds));
  if (options.signal?.aborted === true) force();
  options.signal?.addEventListener('abort', force, { once: true });

  const began = beginningOf(child, isUnread);
  const stdout = isUnread ? () => '' : textOf(child.stdout, mostBytes);
  const stderr = textOf(child.stderr, mostBytes);
  watchOutput(child.stdout, options, (decide) => {
    const signal = sentAt === undefined ? decide() : undefined;
    if (signal !== undefined) kill(signal);
  });
  feed(child.stdin, options);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const endedAfter = sentAt === undefined ? undefined : Date.now() - sentAt;
      resolve({ code, signal, stdout: stdout(), stderr: stderr(), lateAfter, endedAfter });
    });
  }).finally(() => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
    options.signal?.removeEventListener('abort', force);
  });
  return { pid: child.pid, began, ended, kill };
}

function signalTo(child: ChildProcess, signal: Signal, isGroup: boolean): void {
  // Child processes may outlive the program, and keep its stdout open.
  const isWhole = isGroup && signal === 'SIGKILL';
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  if (child.pid === undefined || (hasEnded && !isWhole)) return;
  try {
    process.kill(isWhole ? -child.pid : child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

async function beginningOf(child: ChildProcessWithoutNullStreams, isUnread: boolean): Promise<void> {
  // An unread pipe never ends.
  if (isUnread) child.once('exit', () => child.stdout.removeAllListeners('readable').resume());
  await new Promise<void>((resolve) => {
    child.stdout.once(isUnread ? 'readable' : 'data', () => resolve());
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

function feed(stdin: Writable, { input = '', isInputOpen = false }: CommandOptions): void {
  // A program may end before it has read all of its input.
  stdin.on('error', () => undefined);
  if (typeof input !== 'string') Readable.from(input).pipe(stdin);
  else if (isInputOpen) stdin.write(input);
  else stdin.end(input);
}

function textOf(stream: Readable, mostBytes: number): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < mostBytes) chunks.push(chunk);
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString();
}

function watchOutput(
  stdout: Readable,
  { onOutput, onLine }: CommandOptions,
  ask: (decide: () => Signal | undefined) => void,
): void {
  let bytes = 0;
  if (onOutput !== undefined)
    stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      ask(() => onOutput(bytes));
    });
  if (onLine === undefined) return;
  let open = '';
  stdout.on('data', (chunk: Buffer) => {
    const lines = (open + chunk.toString('latin1')).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) ask(() => onLine(Buffer.from(line, 'latin1').toString()));
  });
}
