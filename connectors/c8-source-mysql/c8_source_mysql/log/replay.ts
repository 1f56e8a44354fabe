import type { DataError, LogPage } from 'c8connector';
import type { MysqlConfig } from '../config.ts';
import type { LogEvent } from './binlog/events.ts';
import { type EventSource, eventSource } from './event-source.ts';
import type { LogPages } from './log-pages.ts';
import type { LogReader, Needed, XaCommit } from './log-reader.ts';
import { comparePlaces, firstPosition, type Place } from './position.ts';
import { randomServerId } from './server-id.ts';
import type { ServerLog } from './server-log.ts';
import type { DumpStart } from './start-dump.ts';
import type { Order } from './stream-positions.ts';

/** What is needed to read a prepared transaction again. */
export interface ReplayContext {
  readonly config: MysqlConfig;
  readonly signal: AbortSignal;
  readonly server: ServerLog;
  readonly order: Order;
  readonly reader: LogReader;
  readonly pages: LogPages;
  readonly describe: (needed: Needed) => Promise<void>;
  /** The error for a transaction that the server no longer has. */
  readonly refuse: (xid: string) => DataError;
}

/**
 * The rows of an XA transaction at its commit. The log has them where they were prepared, perhaps days before, so they are read there again with a dump of its own, instead of keeping them in memory.
 */
export async function* replayPages(xa: XaCommit, context: ReplayContext): AsyncGenerator<LogPage> {
  const { reader, pages, describe, signal, order } = context;
  const { prepared, xid } = xa;
  const gtids = order === 'gtids' ? prepared?.gtid : undefined;
  const from = gtids === undefined ? (prepared ?? (await findPrepared(xa, context))) : { gtids };
  if (from === undefined) {
    // It changed nothing that the log has, or the server no longer has it.
    if (hasWholeLog(context)) return reader.endReplay();
    throw context.refuse(xid);
  }
  await using source = await briefSource(from, context);
  for await (const { event } of eventsOf(source, signal)) {
    if (event.kind === 'xa_prepare') return reader.endReplay();
    const needed = reader.replay(event);
    if (needed !== undefined) await describe(needed);
    if (!pages.isFull()) continue;
    reader.close(performance.now());
    yield* pages.take();
  }
  if (!signal.aborted) throw context.refuse(xid);
}

/** Where the latest transaction of this name was prepared, which is in one of the last files in nearly all cases. */
async function findPrepared(xa: XaCommit, context: ReplayContext): Promise<Place | undefined> {
  for (const { name } of context.server.files.toReversed()) {
    if (comparePlaces({ file: name, pos: 0 }, xa.before) > 0) continue;
    const found = await findInFile(name, xa, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function findInFile(file: string, { xid, before }: XaCommit, context: ReplayContext): Promise<Place | undefined> {
  await using source = await briefSource({ file, pos: firstPosition }, context);
  let start: Place = { file, pos: firstPosition };
  let end: Place = start;
  let found: Place | undefined;
  for await (const { event, place } of eventsOf(source, context.signal)) {
    if (event.kind === 'rotate' && event.file !== file) break;
    if (comparePlaces(end, before) >= 0) break;
    if (event.kind === 'gtid') start = { file, pos: place.next - place.size };
    if (event.kind === 'xa_prepare' && event.xid === xid) found = start;
    if (place.next > 0) end = { file, pos: place.next };
  }
  return found;
}

/** Whether no file was removed, so that what is not in the log never was. */
function hasWholeLog({ server }: ReplayContext): boolean {
  return /\.0*1$/.test(server.files[0]?.name ?? '');
}

function briefSource(from: DumpStart, { config, signal }: ReplayContext): Promise<EventSource> {
  return eventSource(config, { from, serverId: randomServerId(), isBrief: true }, signal);
}

type SourceEvent = NonNullable<ReturnType<EventSource['next']>> & { readonly event: LogEvent };

async function* eventsOf(source: EventSource, signal: AbortSignal): AsyncGenerator<SourceEvent> {
  while (!signal.aborted) {
    const next = source.next();
    if (next !== undefined) yield next;
    else if (source.isOver()) return;
    else await source.wait(signal);
  }
}
