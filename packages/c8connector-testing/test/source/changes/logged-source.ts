import {
  type Bookmark,
  defineSource,
  type LoggedStream,
  type LogPage,
  type Row,
  type SourceConnector,
} from 'c8connector';
import type { Fault } from './fault.ts';
import { type PageHabits, type Position, pagesOf } from './log-pages.ts';
import type { LoggedService } from './logged-service.ts';
import { streamOf, type TableStream } from './table-stream.ts';

const pageRows = 10;

interface Habits {
  readonly fault?: Fault | undefined;
  /** Changes of a transaction between two positions. */
  readonly pageChanges?: number;
  /** Whether rows come as lines. */
  readonly isLines?: boolean;
}

/** A source that follows the log of a service in memory, with a position behind every second change. It is right but for its fault. */
export function loggedSource(
  service: LoggedService,
  { fault, pageChanges = 2, isLines = false }: Habits = {},
): new () => SourceConnector {
  return defineSource({
    package: { name: 'c8-source-logged', version: '1.0.0' },
    name: 'Logged',
    description: 'Follows the log of a service in memory.',
    config: {},
    discover: () => [...service.tables].map(([id, { columns }]) => streamOf(id, columns)),
    *read({ id }, { bookmark }) {
      const { rows } = service.tables.get(id) ?? {};
      for (let after = Number(bookmark?.id ?? 0); ; ) {
        const keys = [...(rows?.keys() ?? [])].filter((key) => key > after).sort((one, other) => one - other);
        const page = keys.slice(0, pageRows).map((key) => rows?.get(key) as Row);
        after = keys[pageRows - 1] ?? keys.at(-1) ?? after;
        if (page.length === 0) return;
        yield { rows: page, bookmark: { id: after } };
      }
    },
    log: {
      begin() {
        service.keep();
        return { lsn: fault === 'the log begins where it is first read' ? -1 : service.lsn() };
      },
      read: (streams, request) => readLog(service, streams, { ...request, fault, pageChanges, isLines }),
    },
  });
}

interface LogRequest extends PageHabits {
  readonly until: 'now' | 'forever';
  readonly signal: AbortSignal;
  durable(): Promise<Readonly<Record<string, Bookmark>> | undefined>;
}

async function* readLog(
  service: LoggedService,
  streams: readonly LoggedStream<TableStream>[],
  request: LogRequest,
): AsyncGenerator<LogPage> {
  const { until, signal, fault, durable } = request;
  const positions = positionsOf(service, streams, fault);
  let at = Math.min(...[...positions.values()].map(wholeOf));
  const end = service.lsn();
  for (const { stream } of fault === 'older rows have the columns of now' ? [] : streams) {
    const columns = service.columnsAt(stream.id, positions.get(stream.id)?.lsn ?? 0);
    if (columns.length !== Object.keys(stream.schema.properties).length)
      yield { stream: stream.id, schema: streamOf(stream.id, columns).schema };
  }
  while (!signal.aborted) {
    const commits = service.behind(at);
    const [next] = commits;
    confirm(service, await durable(), { at, streams: [...positions.keys()], fault });
    const isOver = next === undefined || (next.lsn > end && fault !== 'it follows an end that moves on');
    if (until === 'now' && isOver && fault !== 'it does not end') return;
    if (next === undefined) {
      await service.changed(signal);
      continue;
    }
    const isSwapped = fault === 'commits come in another order' && commits.length > 1;
    for (const commit of isSwapped ? commits.slice(0, 2).reverse() : [next]) yield* pagesOf(commit, positions, request);
    at = (isSwapped ? commits[1] : next)?.lsn ?? at;
  }
}

function positionsOf(
  service: LoggedService,
  streams: readonly LoggedStream<TableStream>[],
  fault: Fault | undefined,
): ReadonlyMap<string, Position> {
  const positions = streams.map(({ stream, bookmark }) => {
    const position = bookmark as unknown as Position;
    return [stream.id, position.lsn < 0 ? { lsn: service.lsn() } : position] as const;
  });
  const sorted = positions.map(([, position]) => position).sort((one, other) => wholeOf(one) - wholeOf(other));
  const [least, furthest] = [sorted.at(0), sorted.at(-1)];
  if (fault === 'all streams are read from the least of their positions' && least !== undefined)
    return new Map(positions.map(([id]) => [id, least]));
  if (fault === 'all streams are read from the furthest of their positions' && furthest !== undefined)
    return new Map(positions.map(([id]) => [id, furthest]));
  return new Map(positions);
}

/** The last whole transaction at or before a position. */
function wholeOf({ lsn, change }: Position): number {
  return change === undefined ? lsn : lsn - 1;
}

interface Confirming {
  readonly at: number;
  readonly streams: readonly string[];
  readonly fault: Fault | undefined;
}

function confirm(
  service: LoggedService,
  known: Readonly<Record<string, Bookmark>> | undefined,
  confirming: Confirming,
): void {
  const place = placeToConfirm(known, confirming);
  if (place !== undefined) service.confirm(place);
}

function placeToConfirm(
  known: Readonly<Record<string, Bookmark>> | undefined,
  { at, streams, fault }: Confirming,
): number | undefined {
  if (fault === 'nothing is ever confirmed') return undefined;
  if (fault === 'what was read is confirmed') return at;
  const isOwn = fault === 'the least position of the streams that are read is confirmed';
  const wanted = Object.entries(known ?? {}).filter(([id]) => !isOwn || streams.includes(id));
  const durable = wanted.map(([, bookmark]) => bookmark as unknown as Position);
  const isWhole = fault !== 'a transaction is confirmed before its last change';
  const places = durable.map((position) => (isWhole ? wholeOf(position) : position.lsn));
  if (places.length === 0) return undefined;
  const isFurthest = fault === 'the furthest of the durable positions is confirmed';
  return isFurthest ? Math.max(...places) : Math.min(...places);
}
