import { ConnectorError } from '../interface/errors.ts';
import type { ConnectionState, Progress } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';
import { begin, hasLog, hasRanges, isUntouched } from '../replication/methods.ts';
import type { Claim } from '../state/state-store.ts';
import { copyName, isPlanned, progressOf } from './plan.ts';
import type { UnitRequest } from './run-context.ts';
import { ofSource } from './source-failure.ts';

type BeginRequest = Pick<
  UnitRequest,
  'unit' | 'source' | 'session' | 'streams' | 'fresh' | 'beginning' | 'store' | 'run' | 'stop' | 'log'
>;

/** Starts a stream over: with a new version from the store, stored before anything is read. Does not touch the target. */
export async function beginStream(request: BeginRequest, { state, epoch }: Claim): Promise<void> {
  const { unit, streams, run, fresh, log } = request;
  if (!isPlanned(unit, streams, state, run)) return;
  const [stream = ''] = unit.streams;
  if (Object.hasOwn(state.rest.bookmarks ?? {}, stream))
    log.warn(`stream '${stream}': its state cannot be gone on with, so it is read from its beginning`);
  fresh.add(copyName(stream, await putBegun(request, stream, state, epoch)));
}

/**
 * The state with which a unit is read. A copy without a durable position to resume from begins once more, as a new version, unless this run has just begun it: the target may hold
 * rows of an earlier read, which must not count.
 */
export async function readableState(
  request: BeginRequest,
  state: ConnectionState,
  epoch: number,
): Promise<ConnectionState> {
  const [stream = ''] = request.unit.streams;
  const progress = progressOf(state, stream);
  if (progress === undefined || request.unit.kind !== 'copy') return state;
  const isFresh = request.fresh.delete(copyName(stream, progress));
  if (isFresh || !isUntouched(progress)) return state;
  const begun = await putBegun(request, stream, state, epoch);
  return { ...state, streams: { ...state.streams, [stream]: begun } };
}

async function putBegun(request: BeginRequest, id: string, state: ConnectionState, epoch: number): Promise<Progress> {
  const { unit, session, streams, store, beginning, stop, log } = request;
  const stream = streams.get(id);
  if (stream === undefined)
    throw new ConnectorError(`no stream belongs to the unit '${unit.id}'`, { code: 'unexpected' });
  const { replication } = stream;
  const version = await store.version(unit.id, epoch);
  const options = { signal: stop.graceful, log };
  // Until its position is stored, nothing may be confirmed, since the server could then delete the log after that position.
  if (hasLog(replication.method)) beginning.add(id);
  try {
    const logPosition = hasLog(replication.method) ? await beginLog(request, state, id) : undefined;
    const planned = hasRanges(replication)
      ? await ofSource(async () => await session?.partitions?.(id, options))
      : undefined;
    const copy = planned !== undefined && 'session' in planned ? planned : { partitions: planned };
    const before = progressOf(state, id);
    const { partitions: parts, ...held } = copy;
    const progress = begin(replication, version, { parts, ...held, logPosition, before });
    await store.put(unit.id, epoch, id, progress);
    return progress;
  } finally {
    beginning.delete(id);
  }
}

async function beginLog(
  { source, session, stop, log }: BeginRequest,
  { connection }: ConnectionState,
  stream: string,
): Promise<Bookmark> {
  return await ofSource(
    async () => {
      if (session?.log === undefined)
        throw new ConnectorError(`${source.packageName} follows no log`, { code: 'contract_broken' });
      return await session.log.begin({ connection, stream, signal: stop.graceful, log });
    },
    { isOfLog: true },
  );
}
