import { DataError, type Log } from 'c8connector';

/** What a policy of the config did to values of one column. */
type Anomaly = 'clamped' | 'nulled';

/** Counts, for one column of one stream, the values that JSON or the targets cannot hold, so that they are logged once and not per row. */
export interface Anomalies {
  count(anomaly: Anomaly): void;
  /** Throws a DataError `value_refused`: the config refuses such values, or no policy helps. */
  refuse(value: string, remedy: string): never;
  /** Throws a DataError `value_refused` for a value that does not have the column's type; `wanted` completes "is not …". The message does not contain the value. */
  malformed(wanted: string): never;
}

/** The anomalies of the columns of one stream. */
export interface AnomalyReport {
  /** Those of a column, which goes on counting when it is asked for again. */
  of(column: string): Anomalies;
  /** Warns once for each column that had any. */
  logTo(log: Log): void;
}

/** Makes an empty report; `stream` is for its messages. */
export function anomalyReport(stream: string): AnomalyReport {
  const counts = new Map<string, Record<Anomaly, number>>();
  return {
    of(column) {
      const count = counts.get(column) ?? { clamped: 0, nulled: 0 };
      counts.set(column, count);
      return {
        count(anomaly) {
          count[anomaly] += 1;
        },
        refuse(value, remedy) {
          const message = `The column ${column} of ${stream} holds ${value}, which cannot be represented.`;
          throw new DataError(message, { code: 'value_refused', remedy, details: { stream, column } });
        },
        malformed(wanted) {
          const message = `The server sent a value for the column ${column} of ${stream} that is not ${wanted}.`;
          const remedy =
            'Read the stream again: its columns may have changed in the meantime. If the error persists, deselect the column.';
          throw new DataError(message, { code: 'value_refused', remedy, details: { stream, column } });
        },
      };
    },
    logTo(log) {
      for (const [column, { clamped, nulled }] of counts) {
        if (clamped > 0) {
          const message = `${clamped} dates of the column ${column} of ${stream} are out of range and were clamped`;
          log.warn(message, { stream, column, clamped, policy: 'out_of_range_dates' });
        }
        if (nulled > 0) {
          log.warn(
            `${nulled} values of the column ${column} of ${stream} cannot be represented in JSON and became null`,
            {
              stream,
              column,
              nulled,
            },
          );
        }
      }
    },
  };
}
