import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { watch } from 'chokidar';
import type { Session } from '../session.ts';

/** Changes within this time, such as an editor that saves many files, count as one. */
const quietMilliseconds = 200;
const pollMilliseconds = 500;

/** Yields at once, and then again after each change in a folder until the signal is aborted. Installed, built and hidden files do not count. */
export async function* folderChanges(folder: string, signal: AbortSignal): AsyncGenerator<void> {
  const watcher = watch(folder, { ignored: (path) => isIgnored(relative(folder, path)), ignoreInitial: true });
  let changes = 0;
  watcher.on('all', () => {
    changes += 1;
  });
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    await Promise.race([once(watcher, 'ready'), aborted]);
    while (!signal.aborted) {
      changes = 0;
      yield;
      while (changes === 0 && !signal.aborted) await Promise.race([once(watcher, 'all'), aborted]);
      for (let seen = -1; seen !== changes && !signal.aborted; ) {
        seen = changes;
        await Promise.race([delay(quietMilliseconds), aborted]);
      }
    }
  } finally {
    await watcher.close();
  }
}

function isIgnored(path: string): boolean {
  return path.split(sep).some((name) => /^(?:node_modules|dist|coverage|\.(?!\.?$).*)$/.test(name));
}

/** The modification times of the files that a command line names, as a text to compare. */
export async function timesOfFiles(command: readonly string[], folder: string): Promise<string> {
  const words = command.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  const times = words.map(async (word) => {
    const found = await stat(resolve(folder, word)).catch(() => undefined);
    return found?.isFile() === true ? found.mtimeMs : 0;
  });
  return (await Promise.all(times)).join(' ');
}

/** Waits until the times of the files differ from `before`. False when a signal came first. */
export async function untilChanged(
  command: readonly string[],
  before: string,
  { folder, stop, say }: Session,
): Promise<boolean> {
  if (!stop.graceful.aborted) say('Waiting for a change …');
  while (!stop.graceful.aborted) {
    if ((await timesOfFiles(command, folder)) !== before) return true;
    await delay(pollMilliseconds, undefined, { signal: stop.graceful }).catch(() => undefined);
  }
  return false;
}
