import { once } from 'node:events';
import { relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** An editor that saves many files at once is one change. */
const quietMilliseconds = 200;

/** Yields at once, and then again after each change in a folder until the signal is aborted. Installed, built and hidden files do not count. */
export async function* folderChanges(folder: string, signal: AbortSignal): AsyncGenerator<void> {
  const watcher = watch(folder, { ignored: (path) => isLeftOut(relative(folder, path)), ignoreInitial: true });
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
        await Promise.race([new Promise((resolve) => setTimeout(resolve, quietMilliseconds)), aborted]);
      }
    }
  } finally {
    await watcher.close();
  }
}

function isLeftOut(path: string): boolean {
  return path.split(sep).some((name) => /^(?:node_modules|dist|coverage|\.(?!\.?$).*)$/.test(name));
}
