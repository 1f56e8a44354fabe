import {
  type Bookmark,
  DataError,
  defineSource,
  type Partition,
  type SourceConnector,
  type Stream,
} from '../../src/index.ts';
import { rowIds, type Table } from './database.ts';
import type { Host } from './host.ts';
import type { LogSourceOptions } from './log-options.ts';
import { simulatedLog } from './log-source.ts';
import { bookmarkBehind, highestOf, pageOf, rowsFrom } from './table-pages.ts';
import { streamsOf } from './table-schema.ts';

/** How the source of a simulated database behaves. */
interface SourceOptions extends LogSourceOptions {
  /** Rows of a page at most. */
  readonly pageRows: number;
  /** Whether it is asked for the highest key. */
  readonly hasHighest: boolean;
}

/** A source over the database, as one host has opened it: each page is an effect of that host. */
export function simulatedSource(options: SourceOptions, host: Host): SourceConnector {
  const { database, hasHighest, pageRows, random } = options;
  const ask = <T>(what: string, { id }: Stream, answer: (table: Table) => T): Promise<T> =>
    options.effects.effect(host, `${what} ${id}`, () => {
      const table = database.tables.get(id);
      if (table === undefined) throw new Error(`no table ${id}`);
      return answer(table);
    });
  return new (defineSource({
    package: { name: 'c8-source-simulated', version: '1.0.0' },
    name: 'Simulated',
    description: 'Reads a database in memory.',
    config: { lookback_seconds: { type: 'integer', displayName: 'Lookback', description: 'Seconds.' } },
    discover: () => options.effects.effect(host, 'discover', () => streamsOf(database)),
    partitions: (stream) => ask('partitions', stream, partitionsOf),
    ...(hasHighest ? { highest: (stream: Stream) => ask('highest', stream, highestOf) } : {}),
    async *read(stream, { bookmark, since: from, partition, columns }) {
      const since = from === undefined ? 0 : Date.parse(String(from));
      let after: Bookmark | undefined = bookmark;
      for (let isFirst = true; ; isFirst = false) {
        const page = await ask('page', stream, (table) => {
          refuse(table, stream, isFirst);
          const rows = rowsFrom(table, { after, since, partition }, pageRows);
          if (rows === undefined) return undefined;
          after = bookmarkBehind(rows);
          return pageOf(table, rows, columns, random);
        });
        if (page === undefined) return;
        yield page;
      }
    },
    log: simulatedLog(options, host),
  }))();
}

/** Parts that hold about as many ids each. */
function partitionsOf({ kind: { partitions = 1 } }: Table): readonly Partition[] {
  if (partitions === 1) return [];
  const bounds = Array.from({ length: partitions - 1 }, (_, index) => Math.floor((rowIds * (index + 1)) / partitions));
  return [null, ...bounds].map((from, index) => ({ from, to: bounds[index] ?? null }));
}

function refuse(table: Table, stream: Stream, isFirst: boolean): void {
  const details = { stream: stream.id };
  if (table.isPoisoned) throw new DataError('a row cannot be read', { code: 'row_unreadable', details });
  if (isFirst && 'extra' in stream.schema.properties !== table.hasExtraColumn)
    throw new DataError('the columns changed', { code: 'stream_changed', details });
}
