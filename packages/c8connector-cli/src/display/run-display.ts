import type { RunEvent } from 'c8connector';
import type { CurrentRun } from 'c8connector-host';
import type { Session } from '../session.ts';
import { createEventLog } from './log.ts';

export interface DisplayArguments {
  readonly json: boolean;
  readonly progress: boolean;
}

/** Shows a run while it is under way. */
export interface RunDisplay {
  /** Called with each event, whose texts contain no secret. */
  onEvent(event: RunEvent, current: CurrentRun): void;
  /** Rejects with the error of a failed write of events. */
  close(): Promise<void>;
}

/** JSON lines on stdout on request; progress bars when stderr is a terminal; otherwise a log of the events on stderr. */
export async function createRunDisplay(args: DisplayArguments, session: Session): Promise<RunDisplay> {
  if (args.json) return jsonLines(session);
  if (!process.stderr.isTTY || !args.progress)
    return { onEvent: createEventLog(session.log), close: async () => undefined };
  const { createProgressBars } = await import('./progress-bars.ts');
  const bars = createProgressBars(process.stderr, session.mask);
  session.sayThrough(bars.log);
  return {
    onEvent: bars.onEvent,
    async close() {
      session.sayThrough();
      bars.close();
    },
  };
}

function jsonLines(session: Session): RunDisplay {
  let writing = Promise.resolve();
  return {
    onEvent(event) {
      writing = writing.then(() => session.print(`${JSON.stringify(event)}\n`));
      // The events have no reader any more: the run stops as after a signal.
      writing.catch(() => {
        if (!session.stop.graceful.aborted) session.stop.request();
      });
    },
    close: () => writing,
  };
}
