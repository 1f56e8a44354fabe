import type { Until } from '../interface/progress.ts';

/** The streams that follow a log, and when it is read for them. */
export interface LogTurn {
  /** A stream follows the log from now on. */
  join(stream: string): void;
  /** It is not to be read from the log any more. */
  leave(stream: string): void;
  /** Whether the log is read without a slot of its own, since nobody waits for its end. */
  readonly isEndless: boolean;
  /** What is to be read now; undefined when it is not the time, or when it is read already. `isIdle`: the run has nothing else to do. */
  next(isIdle: boolean): LogRead | undefined;
  /** The read is over. True when its streams had their turn; false when it only made room for one with more of them. */
  end(read: LogRead): boolean;
  /** The read failed: its streams, but for those that leave, wait for another one. */
  fail(read: LogRead): void;
  /** Ends the read under way at its next position. */
  finish(): void;
  /** Whether streams still wait for a read that ends. */
  isWaiting(): boolean;
}

/** One read of the log. */
export interface LogRead {
  readonly streams: readonly string[];
  readonly until: 'now' | 'forever';
  readonly ending: AbortSignal;
}

/** How long a read without end goes on at least before it is begun again for a stream that joined, while others are still copied. */
const readMilliseconds = 10_000;

/**
 * A log that ends is read once for the streams that follow it at the beginning of a run, and once more, for all of them, when others have joined and nothing else is left to do. One without end is
 * read all the time, and begun again when streams have joined.
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
