import { type Log, maskValue, type RunEvent, type StreamPhase, visible, warningOnce } from 'c8connector';
import type { CurrentRun } from 'c8connector-host';

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

/** How often the progress of a stream is logged. */
const progressMilliseconds = 5000;

/** Logs the events of a run: the progress of a stream at most every five seconds, and all others. Row counts are those of the stream, over all its units. */
export function createEventLog(log: Log): (event: RunEvent, current: CurrentRun) => void {
  const isDue = pace();
  const phases = new Map<string, StreamPhase>();
  return (event, { stream: streamOf }) => {
    const { type, at, sequence: _, version: __, ...details } = event;
    switch (event.type) {
      case 'stream': {
        const { stream, phase } = event;
        const isNew = phases.get(stream) !== phase;
        phases.set(stream, phase);
        if (isNew || isDue(`stream ${stream}`, Date.parse(at))) log.info('stream', details);
        break;
      }
      case 'progress': {
        const { run, stream } = event;
        const { read = 0, bytes = 0, estimate } = streamOf(stream) ?? {};
        const known = estimate === undefined ? {} : { estimate };
        if (isDue(stream, Date.parse(at))) log.info('progress', { run, stream, rows: read, bytes, ...known });
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

/** Whether five seconds have passed since the last time, by name. The first call only starts the clock: the counts of a stream that is done sooner are in the final lines. */
function pace(): (name: string, at: number) => boolean {
  const logged = new Map<string, number>();
  return (name, at) => {
    const last = logged.get(name);
    if (last === undefined) logged.set(name, at);
    if (last === undefined || at - last < progressMilliseconds) return false;
    logged.set(name, at);
    return true;
  };
}
