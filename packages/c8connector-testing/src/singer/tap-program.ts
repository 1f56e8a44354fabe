import { type Check, Finding, NotRunnable, shown } from '../check.ts';
import { messagesOf } from './messages.ts';
import { idOf, selected } from './tap-catalog.ts';
import type { TapContext } from './tap-context.ts';

/** 51 */
const onlyMessages: Check<TapContext> = {
  number: 51,
  title: 'a run prints only messages on stdout, one per line, and the exit code is 0',
  where: 'everything that writes to stdout: print, progress bars, drivers; logs belong on stderr',
  async run({ read }) {
    await read();
  },
};

/** 47 */
const stopped: Check<TapContext> = {
  number: 47,
  title: 'SIGTERM ends a run within 10 s, and its output until then is complete',
  where: 'what holds the program after a signal: threads, retries that swallow it, a pool that is waited for',
  async run({ chosen, runWith, stopSeconds }) {
    const found = await chosen();
    const end = await runWith(selected(found, found.streams.map(idOf)), [], { onLine: () => 'SIGTERM' });
    if (end.endedAfter === undefined)
      throw new NotRunnable('the run printed nothing that one could have stopped it at');
    if (end.endedAfter > stopSeconds * 1000)
      throw new Finding(`an end within ${stopSeconds} s after SIGTERM`, `${shown(end.endedAfter / 1000)} s`);
    messagesOf(end, true);
  },
};

export const tapProgramChecks: readonly Check<TapContext>[] = [onlyMessages, stopped];
