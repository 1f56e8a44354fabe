import { spawn } from 'node:child_process';

/** Long enough for a slow machine: only a compiler that hangs takes longer. */
const limitMilliseconds = 120_000;

/** Runs tsc in a folder, and resolves with what it prints: '' when it has nothing to say against the sources. Rejects when the signal is aborted. */
export async function runCompiler(
  compiler: string,
  flags: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  signal?.throwIfAborted();
  // tsc is a script that starts the compiler; killed alone it would leave that one at work, which would write into a folder that is removed.
  const isGroup = process.platform !== 'win32';
  const child = spawn(process.execPath, [compiler, ...flags], {
    cwd: folder,
    detached: isGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(isGroup ? -child.pid : child.pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
  };
  const timer = setTimeout(stop, limitMilliseconds);
  signal?.addEventListener('abort', stop);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
    });
  }
  try {
    // Comes when all who could write to its output are gone.
    const code = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status, killed) => resolve(status ?? killed ?? 1));
    });
    signal?.throwIfAborted();
    return code === 0 ? '' : printed.trim() || `error tsc ended with ${code}`;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
