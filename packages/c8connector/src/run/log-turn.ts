import type { Until } from '../interface/progress.ts';

/** Decides when the log is read, and for which streams. */
export interface LogTurn {
  /** A stream follows the log from now on. */
  join(stream: string): void;
  /** The stream no longer follows the log. */
  leave(stream: string): void;
  /** Whether reads of the log go on when they reach its end. Such a read does not take one of the run's slots. */
  readonly isEndless: boolean;
  /** The read to begin now; undefined when it is too early, or when a read is under way. `isIdle`: the run has nothing else to do. */
  next(isIdle: boolean): LogRead | undefined;
  /** The read has ended. True when its streams are done; false when it ended only to begin again with more streams. */
  end(read: LogRead): boolean;
  /** The read failed: its streams, except those that leave, wait for another one. */
  fail(read: LogRead): void;
  /** Ends the read under way at its next position. */
  finish(): void;
  /** Whether streams still wait for a read. */
  isWaiting(): boolean;
}

/** One read of the log. */
export interface LogRead {
  readonly streams: readonly string[];
  readonly until: 'now' | 'forever';
  readonly ending: AbortSignal;
}

/** The shortest time that an endless read runs before it is restarted for a stream that joined, while others are still being copied. */
const readMilliseconds = 10_000;

/**
 * A log that ends is read once at the beginning of a run, for the streams that follow it already, and once more at its end, for all streams, if others have joined. An endless log is read
 * all the time, and the read is restarted when streams have joined.
 */
export function logTurn(until: Until): LogTurn {
  const isEndless = until !== 'now';
  const endsAt = typeof until === 'number' ? Date.now() + until * 1000 : Number.POSITIVE_INFINITY;
  const following = new Set<string>();
  const hadTurn = new Set<string>();
  let running:
    | {
        readonly read: LogRead;
        readonly startedAt: number;
        rejoin(): void;
        isRejoining: boolean;
        finish(): void;
        clear(): void;
      }
    | undefined;
  let hasBegun = false;

  const isOver = (): boolean => Date.now() >= endsAt;
  const waiting = (): readonly string[] => [...following].filter((stream) => !hadTurn.has(stream));

  function start(): LogRead {
    const ending = new AbortController();
    const isFollowed = isEndless && !isOver();
    const timer =
      isFollowed && endsAt < Number.POSITIVE_INFINITY
        ? setTimeout(() => ending.abort(), Math.min(endsAt - Date.now(), 2 ** 31 - 1))
        : undefined;
    const read: LogRead = {
      streams: [...following],
      until: isFollowed ? 'forever' : 'now',
      ending: ending.signal,
    };
    running = {
      read,
      startedAt: Date.now(),
      isRejoining: false,
      rejoin() {
        this.isRejoining = true;
        ending.abort();
      },
      finish: () => ending.abort(),
      clear: () => clearTimeout(timer),
    };
    return read;
  }

  return {
    isEndless,
    join: (stream) => following.add(stream),
    leave: (stream) => following.delete(stream),
    next(isIdle) {
      if (running !== undefined) {
        const { read, startedAt } = running;
        const isJoined = waiting().some((stream) => !read.streams.includes(stream));
        const isTime = isIdle || Date.now() - startedAt >= readMilliseconds;
        if (read.until === 'forever' && isJoined && isTime) running.rejoin();
        return undefined;
      }
      const isFirst = !hasBegun;
      hasBegun = true;
      if (waiting().length === 0) return undefined;
      return isIdle || isFirst || (isEndless && !isOver()) ? start() : undefined;
    },
    end(read) {
      const isRejoining = running?.isRejoining === true && !isOver();
      running?.clear();
      running = undefined;
      if (!isRejoining) for (const stream of read.streams) hadTurn.add(stream);
      return !isRejoining;
    },
    fail(read) {
      running?.clear();
      running = undefined;
      for (const stream of read.streams) hadTurn.delete(stream);
    },
    finish: () => running?.finish(),
    isWaiting: () => running !== undefined || waiting().length > 0,
  };
}
