import type { LoggedStream, LogPage, LogReadContext } from 'c8connector';
import { type AnomalyReport, anomalyReport } from 'c8connector-sql';
import type { MysqlConfig } from '../config.ts';
import type { MysqlStream } from '../discover.ts';
import { translateError } from '../errors.ts';
import type { ConnectionPool } from '../pool.ts';
import { describedTables } from './described-tables.ts';
import { type EventSource, eventSource } from './event-source.ts';
import { followedTables } from './followed-tables.ts';
import { beat } from './heartbeat.ts';
import { type InspectedLog, inspectLog } from './inspect-log.ts';
import { watchLag } from './lag.ts';
import { type LogPages, logPages } from './log-pages.ts';
import { type LogReader, logReader, type Needed, type XaCommit } from './log-reader.ts';
import { lostWhileReading, refusals } from './lost-position.ts';
import { positionOf } from './position.ts';
import { replayPages } from './replay.ts';
import { serverIdOf } from './server-id.ts';
import { dumpError } from './start-dump.ts';
import { startingPoint } from './starting-point.ts';
import { streamPositions } from './stream-positions.ts';

type Context = LogReadContext<MysqlConfig, ConnectionPool>;

const unloggedCascades =
  'a foreign key with CASCADE or SET NULL was added to the table, and the server does not log what such a key changes';

/** The changes of all streams in the order of their commits, from the earliest of their positions on. Ends where the log ended when the read began, or at the signal. */
export async function* readLog(
  streams: readonly LoggedStream<MysqlStream>[],
  context: Context,
): AsyncGenerator<LogPage> {
  const { config, signal, log } = context;
  const reports = new Map(streams.map(({ stream }) => [stream.id, anomalyReport(stream.id)]));
  try {
    yield* follow(streams, context, reports);
  } catch (error) {
    if (!signal.aborted) throw translateError(error, config);
  } finally {
    for (const report of reports.values()) report.logTo(log);
  }
}

async function* follow(
  streams: readonly LoggedStream<MysqlStream>[],
  context: Context,
  reports: ReadonlyMap<string, AnomalyReport>,
): AsyncGenerator<LogPage> {
  const { config } = context;
  const inspected = await inspectLog(streams, context);
  const serverId = serverIdOf(config, context.connection);
  try {
    yield* followDump(streams, { ...context, inspected, serverId, reports });
  } catch (error) {
    throw dumpError(error, serverId) ?? lostWhileReading(error, streams, inspected.server, config);
  }
}

interface DumpContext extends Context {
  readonly inspected: InspectedLog;
  readonly serverId: number;
  readonly reports: ReadonlyMap<string, AnomalyReport>;
}

async function* followDump(
  streams: readonly LoggedStream<MysqlStream>[],
  context: DumpContext,
): AsyncGenerator<LogPage> {
  const { config, resource, until, signal, log, serverId, reports } = context;
  const { server, order } = context.inspected;
  const positions = new Map(
    streams.flatMap(({ stream, bookmark }) => {
      const position = positionOf(bookmark);
      return position === undefined ? [] : [[stream.id, position] as const];
    }),
  );
  const { from, gtids, start } = startingPoint([...positions.values()], order, server);
  await using source = await eventSource(config, { from: start, serverId }, signal);
  const refuse = refusals(streams, server, config);
  using lag = watchLag(server, resource, signal, { log, onReset: () => source.fail(refuse.reset()) });
  const tables = followedTables(streams, server.settings);
  const described = describedTables(streams, reports, { ...context, server });
  const pages = logPages({ streamOf: tables.streamOf, refuseImage: refuse.image });
  const reader = logReader({
    pages,
    progress: streamPositions(positions, order, server),
    from,
    gtids,
    end: until === 'now' ? server.end : undefined,
    flavour: server.flavour,
    concerned: tables.concerned,
    onFile: order === 'places' ? refuse.otherFile : () => undefined,
    onEffect(stream, kind) {
      if (kind === 'altered') described.alter(stream);
      else if (kind === 'cascades') {
        if (!context.inspected.logsCascades) refuse.effect(stream, unloggedCascades);
      } else if (kind !== 'truncated') refuse.effect(stream, kind.lost);
    },
    refusePart: refuse.part,
    refuseRollback: refuse.rollback,
    marksOf: (stream) => ({ layout: described.layoutOf(stream) }),
    lagAt: lag.at,
  });
  using _beating = until === 'forever' ? beat(config, signal, log) : undefined;
  const describe = async (needed: Needed) => {
    if ('map' in needed) await described.provide(needed.stream, needed.map, pages);
  };
  const again = { ...context, order, server, reader, pages, describe, refuse: refuse.unknownXa };
  yield* pagesOf(source, reader, pages, { signal, describe, replay: (xa) => replayPages(xa, again) });
}

interface PageContext {
  readonly signal: AbortSignal;
  readonly describe: (needed: Needed) => Promise<void>;
  readonly replay: (xa: XaCommit) => AsyncIterable<LogPage>;
}

async function* pagesOf(
  source: EventSource,
  reader: LogReader,
  pages: LogPages,
  { signal, describe, replay }: PageContext,
): AsyncGenerator<LogPage> {
  for (;;) {
    const next = source.next();
    const needed = next && reader.take(next.event, next.place);
    if (needed !== undefined && 'xid' in needed) yield* replay(needed);
    else if (needed !== undefined) await describe(needed);
    const isOver = reader.isAtEnd() || signal.aborted;
    if (next === undefined || isOver || pages.isFull()) {
      reader.close(isOver ? Number.POSITIVE_INFINITY : performance.now());
      yield* pages.take();
    }
    if (isOver) return;
    if (next === undefined) await source.wait(signal);
  }
}
