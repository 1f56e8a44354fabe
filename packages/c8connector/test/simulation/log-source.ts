import { DataError, type LogDefinition, type LogPage, type LogReadContext, type Stream } from '../../src/index.ts';
import type { LogReader } from './database-log.ts';
import type { Host } from './host.ts';
import { confirming } from './log-confirming.ts';
import type { LogSourceOptions } from './log-options.ts';
import { logColumns, pagesOf, wantedChanges } from './log-pages.ts';
import { type LogPosition, positionOf } from './log-position.ts';
import { closeLog, type LogChunk, type LogReading, movedBy, nextChunk, openLog } from './log-reading.ts';
import { rest } from './rest.ts';

/** How long a follower waits before it looks for new commits. */
const pollMilliseconds = 2000;

/** The log of the database as one host follows it: each page, each position and each confirmation is an effect of that host. */
export function simulatedLog(options: LogSourceOptions, host: Host): LogDefinition<unknown, Stream> {
  const { database, random, effects } = options;
  const { effect } = effects;

  async function* read(
    streams: Parameters<LogDefinition<unknown, Stream>['read']>[0],
    { until, durable, signal }: LogReadContext<unknown>,
  ): AsyncGenerator<LogPage> {
    const reader: LogReader = { host };
    const described = new Map(streams.map(({ stream }) => [stream.id, stream.schema]));
    const positions = new Map(streams.map(({ stream, bookmark }) => [stream.id, positionOf(bookmark)]));
    const over = new AbortController();
    try {
      const reading = await effect(host, 'follow', () => open(reader, positions, until));
      const confirmations = confirming(options, reading, durable, AbortSignal.any([signal, over.signal]));
      let owed: LogPosition | undefined;
      while (!signal.aborted) {
        confirmations.check();
        const chunk = await effect(host, 'changes', () =>
          refusePoisoned(nextChunk(database.log, reading, options.log.pageChanges), reading),
        );
        if (chunk !== undefined) yield* pagesOf(wantedChanges(reading, chunk), chunk.commit, described, random);
        if (chunk !== undefined) owed = reading.at;
        if (owed !== undefined && (chunk === undefined || isPosition(owed))) {
          yield await effect(host, 'position', () => ({
            bookmark: { ...reading.at },
            streams: movedBy(reading, reading.at),
          }));
          owed = undefined;
        }
        if (chunk === undefined && until === 'now') return;
        if (chunk === undefined) await rest(1 + random.below(pollMilliseconds), signal);
      }
    } finally {
      over.abort();
      closeLog(database.log, reader);
    }
  }

  function open(reader: LogReader, positions: LogReading['positions'], until: 'now' | 'forever'): LogReading {
    try {
      return openLog(database.log, reader, positions, { until, takesOver: options.log.takesOver });
    } catch (error) {
      if (error instanceof DataError) options.onLost(error.details.streams as readonly string[]);
      throw error;
    }
  }

  function refusePoisoned(chunk: LogChunk | undefined, reading: LogReading): LogChunk | undefined {
    const changes = chunk === undefined ? [] : wantedChanges(reading, chunk);
    const poisoned = changes.find(({ stream }) => database.tables.get(stream)?.isPoisoned === true);
    if (poisoned === undefined) return chunk;
    throw new DataError('a change cannot be read', { code: 'row_unreadable', details: { stream: poisoned.stream } });
  }

  function isPosition({ change }: LogPosition): boolean {
    const { positions } = options.log;
    return positions === 'all' || (positions === 'commits' ? change === undefined : random.chance(0.5));
  }

  return {
    columns: logColumns,
    begin: () =>
      effect(host, 'log', () => {
        const { log } = database;
        log.slot ??= { confirmed: log.lsn, reader: undefined };
        return { lsn: log.lsn };
      }),
    read,
  };
}
