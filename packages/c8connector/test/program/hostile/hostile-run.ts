import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { programPath } from '../../fixtures/program-path.ts';

/** What a target's program made of an input, and what it cost. */
export interface HostileRun {
  readonly code: number | null;
  /** Without the line that says the cost. */
  readonly stderr: string;
  readonly rows: number;
  /** The most that it had of memory. */
  readonly megabytes: number;
  /** Of the processor; other tests run at the same time. */
  readonly seconds: number;
  /** Milliseconds from the signal to its end. */
  readonly stoppedAfter: number;
}

/** Runs the target that counts on an input of lines; a signal is sent after this many milliseconds of reading. */
export async function runHostile(lines: Iterable<string>, config: string, signalAfter?: number): Promise<HostileRun> {
  const child = spawn(process.execPath, [programPath('counting-target-main'), '--config', config]);
  let stderr = '';
  let signalAt = Number.NaN;
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.resume();
  child.stdin.on('error', () => undefined);
  const input = Readable.from(chunksOf(lines));
  input.pipe(child.stdin);
  const signal = () => {
    signalAt = Date.now();
    child.kill('SIGTERM');
  };
  // Before it reads it has no say in how it ends.
  if (signalAfter !== undefined) child.stdin.once('drain', () => setTimeout(signal, signalAfter));
  const [code] = await once(child, 'close');
  input.destroy();
  const costAt = stderr.trimEnd().lastIndexOf('\n') + 1;
  return {
    code,
    stderr: stderr.slice(0, costAt),
    stoppedAfter: Date.now() - signalAt,
    ...JSON.parse(stderr.slice(costAt)),
  };
}

function* chunksOf(lines: Iterable<string>): Generator<Buffer> {
  let held = '';
  for (const line of lines) {
    held += `${line}\n`;
    if (held.length < 1 << 18) continue;
    yield Buffer.from(held);
    held = '';
  }
  yield Buffer.from(held);
}
