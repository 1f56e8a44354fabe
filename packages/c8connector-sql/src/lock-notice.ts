import type { Log } from 'c8connector';

/** Milliseconds after which a wait for a table is logged, and until the next such message. */
const firstNotice = 1000;
const noticeInterval = 60_000;

/** Logs regularly that a stream waits for a lock, until the returned function is called. `holder` is what may hold it: `another transaction`. */
export function noticeWait(stream: string, holder: string, log: Log): () => void {
  const startedAt = performance.now();
  let timer = setTimeout(notice, firstNotice);
  function notice(): void {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    log.warn(`waiting for ${stream} for ${seconds} s: ${holder} may hold a lock on it`, { stream });
    timer = setTimeout(notice, noticeInterval);
  }
  return () => clearTimeout(timer);
}
