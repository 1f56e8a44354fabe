import { defineSource, type Row, type SourceConnector, type Value } from 'c8connector';
import { sourceFindings } from '../findings.ts';

const pageRows = 4;

/** Of a read by `at`. */
interface Habits {
  /** Whether a row is wanted by a read from `since` on. */
  readonly isNew?: (at: number, since: number) => boolean;
  readonly order?: (one: Row, other: Row) => number;
  readonly isSorted?: boolean;
  readonly highest?: () => Value;
  readonly keys?: readonly string[];
  readonly methods?: readonly ('FULL_TABLE' | 'INCREMENTAL')[];
  readonly lookbackSeconds?: number;
}

/** Eleven rows, of which two have the last key and one has none. */
export const keyedRows: readonly Row[] = Array.from({ length: 11 }, (_, index) => ({
  id: index + 1,
  at: index === 4 ? null : new Date(Date.UTC(2024, 0, 1, 0, 0, Math.min(index, 9))).toISOString(),
}));

const time = ({ at }: Row): number => (at === null ? 0 : Date.parse(String(at)));
const ascending = (one: Row, other: Row): number => time(one) - time(other) || Number(one.id) - Number(other.id);

/** A source by `defineSource` that is read by a replication key, as a web API's would be. */
function keyedSource(habits: Habits = {}): new () => SourceConnector {
  const { isNew = (at, since) => at >= since, order = ascending, isSorted = true, highest, lookbackSeconds } = habits;
  const lookback = { type: 'integer', displayName: 'Lookback', description: 'Seconds before the bookmark.' } as const;
  return defineSource({
    package: { name: 'c8-source-keyed', version: '1.0.0' },
    name: 'Keyed',
    description: 'Reads what is new.',
    config: {
      lookback_seconds: lookbackSeconds === undefined ? lookback : { ...lookback, defaultValue: lookbackSeconds },
    },
    discover: () => [
      {
        id: 'list',
        keyProperties: ['id'],
        schema: {
          type: 'object' as const,
          properties: { id: { type: 'integer' }, at: { type: ['string', 'null'], format: 'date-time' } },
        },
        replication: {
          methods: habits.methods ?? ['FULL_TABLE', 'INCREMENTAL'],
          keys: habits.keys ?? ['at'],
          isSorted,
        },
      },
    ],
    *read(_stream, { method, since }) {
      const isWanted = (row: Row) =>
        since === undefined || row.at === null || isNew(time(row), Date.parse(String(since)));
      const rows = keyedRows.filter(isWanted).sort(method === 'INCREMENTAL' ? order : ascending);
      for (let next = 0; next < rows.length; next += pageRows) yield { rows: rows.slice(next, next + pageRows) };
    },
    ...(highest === undefined ? {} : { highest }),
  });
}

/** The numbers of the checks that find something in such a source, with what they found. */
export async function keyedFindings(habits: Habits, only?: number): Promise<readonly string[]> {
  return await sourceFindings(() => ({}), {
    connector: keyedSource(habits),
    config: {},
    ...(only === undefined ? {} : { only }),
  });
}
