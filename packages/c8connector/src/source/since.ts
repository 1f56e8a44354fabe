import type { Log } from '../interface/log.ts';
import type { Json } from '../interface/progress.ts';
import type { ReplicationKey } from './replication-key.ts';

/** What {@link sinceOf} needs. */
interface Settings {
  readonly stream: string;
  /** The config of the source; these properties apply if it declares them. */
  readonly config: { readonly start_date?: unknown; readonly lookback_seconds?: unknown };
  readonly log: Log;
}

/**
 * The lowest key of wanted rows: `lookback_seconds` before the highest one that was read, but not before `start_date`. Both apply only to a key that is a date or a
 * time; for any other key a warning about `lookback_seconds` is logged, since it has no effect. Undefined when all rows are wanted.
 */
export function sinceOf(key: ReplicationKey, value: Json | undefined, settings: Settings): Json | undefined {
  const { start_date: startDate } = settings.config;
  const isMoment = typeof startDate === 'string' && key.toJson(startDate) !== undefined;
  const start = isMoment ? key.earlier(startDate, 0) : undefined;
  const back = lookedBack(key, value, settings);
  return back === undefined || (start !== undefined && key.compare(back, start) < 0) ? start : back;
}

function lookedBack(key: ReplicationKey, value: Json | undefined, { stream, config, log }: Settings): Json | undefined {
  const { lookback_seconds: seconds } = config;
  if (typeof seconds !== 'number' || seconds <= 0) return value;
  if (!key.isMoment) {
    const reason = `since its replication key ${key.column} is neither a date nor a time`;
    log.warn(`stream '${stream}': lookback_seconds is ignored, ${reason}`, { stream });
    return value;
  }
  return value === undefined ? undefined : key.earlier(value, seconds);
}
