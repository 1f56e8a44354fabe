import { ConnectionError, type LogReadContext } from 'c8connector';
import type { CopyBoth } from './copy-both.ts';
import { leastLsn, positionOf } from './position.ts';
import { statusUpdate } from './standby-message.ts';

/** Milliseconds between two reports. */
const interval = 1000;
/** Milliseconds without a word of the server, which is asked for one with each report, after which it is given up. */
const silenceLimit = 120_000;

/** Reports to the server. Disposing ends that. */
export interface Reports extends Disposable {
  /** Reports now, since the server asks for it. */
  now(): void;
}

/**
 * Reports each second where the read stands and what is durable, so that the server knows that we live and what it may forget: also while the target is slow, and nothing beyond the least
 * position that `durable` gives. `confirmed` is what the slot has already.
 */
export function reportPositions(
  copy: Pick<CopyBoth, 'send' | 'silence' | 'fail'>,
  durable: LogReadContext<unknown>['durable'],
  { confirmed, received }: { readonly confirmed: bigint; readonly received: () => bigint },
): Reports {
  let known = confirmed;
  let isAsking = false;

  function report(): void {
    copy.send(statusUpdate(received(), known));
  }

  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    const least = await durableLsn(durable);
    isAsking = false;
    if (least !== undefined && least > known) known = least;
    report();
    if (copy.silence() > silenceLimit) copy.fail(silent());
  }

  const timer = setInterval(() => void ask(), interval);
  void ask();
  return { now: report, [Symbol.dispose]: () => clearInterval(timer) };
}

/** The position that may be confirmed; undefined while there is none. */
async function durableLsn(durable: LogReadContext<unknown>['durable']): Promise<bigint | undefined> {
  try {
    const bookmarks = Object.values((await durable()) ?? {});
    const positions = bookmarks.map((bookmark) => positionOf(bookmark));
    const known = positions.filter((position) => position !== undefined);
    // One that cannot be read may need any of the log.
    return known.length < positions.length ? undefined : leastLsn(known);
  } catch {
    return undefined;
  }
}

function silent(): ConnectionError {
  return new ConnectionError(`The connection is dead: the server sent nothing for ${silenceLimit / 1000} s.`, {
    code: 'connection_lost',
    isRetryable: true,
  });
}
