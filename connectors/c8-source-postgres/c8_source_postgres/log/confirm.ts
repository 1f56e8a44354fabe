import { ConnectionError, type LogReadContext } from 'c8connector';
import type { CopyBoth } from './copy-both.ts';
import { leastLsn, positionOf } from './position.ts';
import { statusUpdate } from './standby-message.ts';

/** Milliseconds between two reports. */
const interval = 1000;
/** Milliseconds without a message of the server, which each report requests, after which the connection is given up. */
const silenceLimit = 120_000;

/** Regular reports to the server. Disposing ends them. */
export interface Reports extends Disposable {
  /** Reports immediately, on request of the server. */
  now(): void;
}

/**
 * Reports every second the position of the read and what is durable, so that the server knows that the client is alive and what it may delete: also while the target is slow, and nothing beyond the lowest
 * position that `durable` returns. `confirmed` is the position that the slot already has.
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
    // A stream with an unreadable position may need any part of the log.
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
