import { type Log, maskValue, type RunEvent, visible, warningOnce } from 'c8connector';

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** A log for people: one line each, with the secrets in it masked. `level` is the lowest that is written, or `silent`. */
export function plainLog(level: string, mask: (text: string) => string, write: (line: string) => void): Log {
  const lowest = level === 'silent' ? levels.length : (levels as readonly string[]).indexOf(level);
  return warningOnce((kind, message, details) => {
    if (levels.indexOf(kind) < lowest) return;
    const suffix = Object.keys(details).length === 0 ? '' : ` ${JSON.stringify(maskValue(details, mask))}`;
    write(visible(`${kind}: ${mask(message)}${suffix}`));
  });
}

/** Progress of a stream is logged this often. */
const progressMilliseconds = 5000;

/** Logs the events of a run: all of them, but the progress of a stream only every five seconds. */
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
  return ({ type, at, ...details }) => {
    switch (type) {
      case 'progress': {
        const { stream } = details as Extract<RunEvent, { type: 'progress' }>;
        if (isDue(stream, Date.parse(at))) log.info('progress', details);
        break;
      }
      case 'state_saved':
        log.info('state saved', details);
        break;
      case 'schema_changed':
        log.warn('schema changed', details);
        break;
      case 'rejected':
        log.warn('rejected', details);
        break;
      case 'retry':
        log.warn('will try again', details);
        break;
      case 'failed':
        log.error('failed', details);
        break;
      default:
        log.info(type, details);
    }
  };
}
