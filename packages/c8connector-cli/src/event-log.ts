import type { Log, RunEvent } from 'c8connector';

/** Progress of a stream is logged this often. */
const progressMilliseconds = 5000;

/** Logs the events of a run. */
export function createEventLog(log: Log): (event: RunEvent) => void {
  const logged = new Map<string, number>();
  const isDue = (stream: string, at: number): boolean => {
    // The clock starts with the first rows: a stream that is done sooner has its numbers in the end.
    const last = logged.get(stream);
    if (last === undefined) logged.set(stream, at);
    if (last === undefined || at - last < progressMilliseconds) return false;
    logged.set(stream, at);
    return true;
  };
  return ({ type, at, ...facts }) => {
    switch (type) {
      case 'progress': {
        const { stream } = facts as Extract<RunEvent, { type: 'progress' }>;
        if (isDue(stream, Date.parse(at))) log.info('progress', facts);
        break;
      }
      case 'state_saved':
        log.info('state saved', facts);
        break;
      case 'schema_changed':
        log.warn('schema changed', facts);
        break;
      case 'rejected':
        log.warn('rejected', facts);
        break;
      case 'failed':
        log.error('failed', facts);
        break;
      default:
        log.info(type, facts);
    }
  };
}
