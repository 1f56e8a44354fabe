import type { LoggedStream, LogPage, LogReadContext } from 'c8connector';
import { type AnomalyReport, anomalyReport, invalidAnswer } from 'c8connector-sql';
import type { PostgresConfig } from '../config.ts';
import type { PostgresStream } from '../discover.ts';
import { translateError } from '../errors.ts';
import type { ConnectionPool } from '../pool.ts';
import { reportPositions } from './confirm.ts';
import { type Described, describedTables } from './described-tables.ts';
import { beat } from './heartbeat.ts';
import { type InspectedLog, inspectLog } from './inspect-log.ts';
import { watchLag } from './lag.ts';
import { type LogReader, logReader, type Needed } from './log-reader.ts';
import { lostByAlteration, lostWhileReading } from './lost-position.ts';
import { type LogNames, logNames } from './names.ts';
import { leastLsn, type Position, positionOf, publicationMarks, tableMarks } from './position.ts';
import { readStandbyMessage } from './standby-message.ts';
import { startReplication } from './start-replication.ts';
import { streamPositions } from './stream-positions.ts';
import { type LogMessages, wal2jsonMessages } from './wal2json/messages.ts';
import { watchPublication } from './watch-publication.ts';

type Context = LogReadContext<PostgresConfig, ConnectionPool>;

/** The changes of all streams in the order of their commits, from the earliest of their positions on. Ends where the log ended when the read began, or at the signal. */
export async function* readLog(
  streams: readonly LoggedStream<PostgresStream>[],
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
  streams: readonly LoggedStream<PostgresStream>[],
  context: Context,
  reports: ReadonlyMap<string, AnomalyReport>,
): AsyncGenerator<LogPage> {
  const { config } = context;
  const names = logNames(config, context.connection);
  const inspected = await inspectLog(streams, names, context);
  try {
    yield* followSlot(streams, { ...context, names, inspected, reports });
  } catch (error) {
    throw lostWhileReading(error, streams, { names, server: inspected.server }, config);
  }
}

interface SlotContext extends Context {
  readonly names: LogNames;
  readonly inspected: InspectedLog;
  readonly reports: ReadonlyMap<string, AnomalyReport>;
}

async function* followSlot(
  streams: readonly LoggedStream<PostgresStream>[],
  context: SlotContext,
): AsyncGenerator<LogPage> {
  const { config, resource, until, durable, signal, log, names, inspected, reports } = context;
  const { server, plugin, publication, published, hasNoEncoding } = inspected;
  const oids = new Map(streams.map(({ stream }) => [stream.id, stream.oid]));
  const positions = new Map(streams.map(({ stream, bookmark }) => [stream.id, positionOf(bookmark) as Position]));
  const from = leastLsn(positions.values()) ?? server.end;
  await using copy = await startReplication(config, plugin, names, from, signal);
  using lag = watchLag(server.end, resource, signal, log);
  const tables = describedTables(streams, reports, { ...context, hasNoEncoding });
  const reader = logReader({
    progress: streamPositions(positions),
    from,
    end: until === 'now' ? server.end : undefined,
    server: { ...server, ...publicationMarks(publication) },
    marksOf: (stream) => tableMarks(oids.get(stream) ?? '', published),
    lagAt: lag.at,
    onCut: tables.warnOfCut,
  });
  using reporting = reportPositions(copy, durable, { confirmed: server.slot?.confirmed ?? 0n, received: reader.lsn });
  using _beating = until === 'forever' ? beat(config, signal, log) : undefined;
  using _watching =
    until === 'forever' && publication !== undefined
      ? watchPublication(
          { name: names.publication, found: publication, published, oids: [...oids.values()] },
          context,
          () => copy.fail(lostByAlteration(streams, { names, server }, config)),
        )
      : undefined;
  const messages =
    plugin === 'wal2json'
      ? wal2jsonMessages(
          copy,
          streams.map(({ stream }) => stream),
        )
      : copy;
  yield* pagesOf(messages, reader, tables, { signal, reply: reporting.now });
}

async function* pagesOf(
  messages: LogMessages,
  reader: LogReader,
  tables: Described,
  { signal, reply }: { readonly signal: AbortSignal; readonly reply: () => void },
): AsyncGenerator<LogPage> {
  for (;;) {
    const body = messages.next();
    const needed = body && take(body, reader, reply);
    if (body !== undefined && needed !== undefined) await provide(needed, body, reader, tables);
    const isOver = reader.isAtEnd() || signal.aborted;
    if (body === undefined || isOver || reader.isFull()) {
      reader.close(isOver ? Number.POSITIVE_INFINITY : performance.now());
      yield* reader.pages();
    }
    if (isOver) return;
    if (body === undefined) await messages.wait(signal);
  }
}

/** Takes a message of the server. Returns what is needed before the next message can be taken. */
function take(body: Buffer, reader: LogReader, reply: () => void): Needed | undefined {
  const message = readStandbyMessage(body);
  if (message === undefined) throw invalidAnswer('a replication message that is neither data nor a keepalive');
  if (message.kind === 'keepalive') {
    reader.takeKeepalive(message.end);
    if (message.wantsReply) reply();
    return undefined;
  }
  return reader.take(message.body);
}

async function provide(first: Needed, body: Buffer, reader: LogReader, tables: Described): Promise<void> {
  for (let needed: Needed | undefined = first; needed !== undefined; ) {
    await tables.provide(needed, reader);
    // A relation message is complete with its description; a change is taken again.
    needed = 'relation' in needed ? undefined : take(body, reader, () => undefined);
  }
}
