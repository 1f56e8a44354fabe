import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from './session.ts';

const pollMilliseconds = 500;

/** When the files among the words of a command line were changed last, as a text to compare. */
export async function timesOfFiles(command: readonly string[], folder: string): Promise<string> {
  const words = command.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  const times = words.map(async (word) => {
    const found = await stat(resolve(folder, word)).catch(() => undefined);
    return found?.isFile() === true ? found.mtimeMs : 0;
  });
  return (await Promise.all(times)).join(' ');
}

/** Waits until the files are others than they were at `before`. False when a signal came first. */
export async function untilChanged(
  command: readonly string[],
  before: string,
  { folder, stop, say }: Session,
): Promise<boolean> {
  if (!stop.soft.aborted) say('Waiting for a change …');
  while (!stop.soft.aborted) {
    if ((await timesOfFiles(command, folder)) !== before) return true;
    await delay(pollMilliseconds, undefined, { signal: stop.soft }).catch(() => undefined);
  }
  return false;
}
