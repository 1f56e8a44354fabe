import type { Socket } from 'node:net';
import { ConnectionError } from 'c8connector';

/**
 * What a second connection finds out about the first one. works: its query is running. ended: the server has ended it or waits for the client, so its answer was lost. unreachable: the second
 * connection failed too. unknown: the server did not permit the question.
 */
export type Activity = 'works' | 'ended' | 'unreachable' | 'unknown';

/** A connection that is watched. */
export interface Watched {
  /** Awaits work that needs an answer of the server. When the connection turns out to be dead in the meantime, it breaks and the work rejects. */
  awaiting<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

/** Milliseconds between two checks of the connection. */
const interval = 1000;
/** Milliseconds without a byte until the server is asked what it is doing, and until it is asked again. */
const silenceLimit = 8000;
/** Milliseconds until the second question when the first one failed. */
const confirmDelay = 2000;

/**
 * Breaks a connection that is dead without the system noticing it: a firewall forgot it, or something in between drops all packets. When something is awaited
 * and no byte has come for 8 s, the server is asked through another connection. Only when it is unreachable, or not working for us, twice in a row, is the connection broken. A server that works or waits for
 * a lock may do so forever. One that does not permit the question is not asked again, which leaves only the keepalive of the system. Checks until `stop` is called.
 */
export function watchSilence(stream: Socket, ask: () => Promise<Activity>): Watched {
  let awaited = 0;
  let received = -1;
  let silentSince = performance.now();
  let nextQuestion = silenceLimit;
  let isSuspected = false;
  let isAsking = false;

  function isSilent(): boolean {
    if (awaited > 0 && stream.bytesRead === received) return true;
    received = stream.bytesRead;
    silentSince = performance.now();
    nextQuestion = silenceLimit;
    isSuspected = false;
    return false;
  }

  async function look(): Promise<void> {
    if (!isSilent() || isAsking || performance.now() - silentSince < nextQuestion) return;
    isAsking = true;
    const activity = await ask();
    isAsking = false;
    if (!isSilent()) return;
    if (activity === 'unknown') clearInterval(timer);
    const isBad = activity === 'ended' || activity === 'unreachable';
    if (isBad && isSuspected) stream.destroy(deadConnection(activity, performance.now() - silentSince));
    isSuspected = isBad;
    const delay = activity === 'ended' ? confirmDelay : activity === 'unreachable' ? 0 : silenceLimit;
    nextQuestion = performance.now() - silentSince + delay;
  }

  const timer = setInterval(() => void look(), interval);
  return {
    async awaiting(work) {
      awaited += 1;
      try {
        return await work;
      } finally {
        awaited -= 1;
      }
    },
    stop() {
      clearInterval(timer);
    },
  };
}

function deadConnection(activity: 'ended' | 'unreachable', silence: number): ConnectionError {
  const seconds = Math.round(silence / 1000);
  const finding =
    activity === 'ended'
      ? 'the server has ended the query or is waiting for the source to read'
      : 'the server does not answer a second connection either';
  return new ConnectionError(`The connection is dead: nothing came for ${seconds} s, and ${finding}.`, {
    code: 'connection_lost',
    isRetryable: true,
    remedy: 'Run again. If it happens again, check the firewalls, proxies and idle limits on the way to the server.',
  });
}
