import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What a program did. */
export interface CommandEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it was stopped because it took too long. */
  readonly isLate: boolean;
  /** Milliseconds from the signal that `onLine` or `killAfter` sent to the end; undefined when none was sent. */
  readonly endedAfter: number | undefined;
}

export interface CommandOptions {
  /** What it reads on stdin; nothing when left out. */
  readonly input?: string;
  /** Whether stdin stays open behind `input`. */
  readonly isInputOpen?: boolean;
  /** Called with each whole line of stdout; the signal that it returns is sent to the program. */
  readonly onLine?: (line: string) => NodeJS.Signals | undefined;
  /** A signal that is sent after so many milliseconds. */
  readonly killAfter?: { readonly signal: NodeJS.Signals; readonly milliseconds: number };
  readonly folder?: string;
  /** Seconds after which the program is killed. */
  readonly limit: number;
  /** Seconds after which it is killed when a signal did not end it; 12 when left out. */
  readonly grace?: number;
  /** Aborted when nobody wants to know any more: the program is killed. */
  readonly signal?: AbortSignal;
}

/** Seconds that a program may take to end after a signal before it is killed. */
const defaultGrace = 12;
/** More of stdout or stderr is not kept. */
const mostBytes = 64_000_000;

/** Runs a program of any language to its end, without a shell. Rejects with the error of `spawn` when there is no such program. */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<CommandEnd> {
  const [file = '', ...argv] = command;
  const { killAfter, limit, signal } = options;
  // In a group of its own, so that what it started ends with it.
  const child = spawn(file, argv, { cwd: options.folder, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const kill = (name: NodeJS.Signals): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(name === 'SIGKILL' ? -child.pid : child.pid, name);
    } catch {
      // It has ended by itself.
    }
  };
  const timers: NodeJS.Timeout[] = [];
  let sentAt: number | undefined;
  const send = (name: NodeJS.Signals): void => {
    if (sentAt !== undefined) return;
    sentAt = Date.now();
    kill(name);
    timers.push(setTimeout(() => kill('SIGKILL'), (options.grace ?? defaultGrace) * 1000));
  };
  let isLate = false;
  const giveUp = (): void => kill('SIGKILL');
  timers.push(
    setTimeout(() => {
      isLate = true;
      giveUp();
    }, limit * 1000),
  );
  if (killAfter !== undefined) timers.push(setTimeout(() => send(killAfter.signal), killAfter.milliseconds));
  signal?.addEventListener('abort', giveUp, { once: true });

  const stdout = collected(child.stdout, (line) => {
    const name = sentAt === undefined ? options.onLine?.(line) : undefined;
    if (name !== undefined) send(name);
  });
  const stderr = collected(child.stderr);
  // A program may end before it has read its input.
  child.stdin.on('error', () => undefined);
  if (options.isInputOpen === true) child.stdin.write(options.input ?? '');
  else child.stdin.end(options.input ?? '');
  try {
    const [code, endSignal] = await new Promise<[number | null, NodeJS.Signals | null]>((ended, failed) => {
      child.on('error', failed);
      child.on('close', (...end) => ended(end));
    });
    const endedAfter = sentAt === undefined ? undefined : Date.now() - sentAt;
    return { code, signal: endSignal, stdout: stdout(), stderr: stderr(), isLate, endedAfter };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}

/** The exit code as a shell would tell it. */
export function exitCodeOf({ code, signal }: CommandEnd): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function collected(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let open = '';
  stream.on('data', (chunk: Buffer) => {
    if (bytes < mostBytes) chunks.push(chunk);
    bytes += chunk.length;
    if (onLine === undefined) return;
    const lines = (open + chunk.toString('latin1')).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) onLine(Buffer.from(line, 'latin1').toString());
  });
  return () => Buffer.concat(chunks).toString();
}
