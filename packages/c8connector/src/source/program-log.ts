import type { ConfigDeclaration } from '../config/property.ts';
import type { ReadRequest } from '../interface/connector.ts';
import { isC8Error } from '../interface/errors.ts';
import type { SourceMessage } from '../interface/messages.ts';
import type { Until } from '../interface/progress.ts';
import type { Bookmark, State } from '../interface/state.ts';
import type { Stream } from '../interface/stream.ts';
import { logOf } from './logged.ts';
import type { ProgramProgress } from './program-progress.ts';
import { readLog } from './read-log.ts';
import type { Opened } from './read-unit.ts';
import type { SelectedStream } from './selection.ts';

/**
 * Reads the log of all streams of a Singer program that follow it. A stream that fails leaves it, and the others are still read. Returns the first failure; undefined when there was none.
 */
export async function* readProgramLog<P extends ConfigDeclaration, S extends Stream, R>(
  opened: Opened<P, S, R>,
  selected: Map<string, SelectedStream<S>>,
  request: ReadRequest,
  progress: ProgramProgress,
): AsyncGenerator<SourceMessage, { readonly error: unknown } | undefined> {
  const failed = new Set<string>();
  const until = request.until ?? logOf(opened, () => [])?.until ?? 'now';
  using ending = endAfter(until);
  let failure: { readonly error: unknown } | undefined;
  for (;;) {
    const streams = progress.following([...selected.values()]).filter((id) => !failed.has(id));
    if (streams.length === 0 || request.signal.aborted) return failure;
    try {
      yield* readOnce(opened, selected, request, { progress, streams, until, ending: ending.signal });
      return failure;
    } catch (error) {
      if (request.signal.aborted) return failure;
      failure ??= { error };
      const named = isC8Error(error) ? streams.find((id) => id === error.details.stream) : undefined;
      if (named === undefined) return failure;
      failed.add(named);
      request.log.warn(`stream '${named}' failed: the server keeps its log for it until it is read again`, {
        stream: named,
      });
    }
  }
}

interface LogPart {
  readonly progress: ProgramProgress;
  readonly streams: readonly string[];
  readonly until: Until;
  readonly ending: AbortSignal;
}

async function* readOnce<P extends ConfigDeclaration, S extends Stream, R>(
  opened: Opened<P, S, R>,
  selected: Map<string, SelectedStream<S>>,
  { signal, log, exact, statePerPage, durable }: ReadRequest,
  { progress, streams, until, ending }: LogPart,
): AsyncGenerator<SourceMessage> {
  const messages = readLog(opened, selected, {
    unit: { id: 'log', kind: 'log', streams },
    run: progress.run,
    progress: Object.fromEntries(streams.map((id) => [id, progress.of(id)])),
    epoch: progress.epoch(),
    version: async () => progress.version(),
    exact,
    statePerPage,
    follow: {
      until: until === 'now' ? 'now' : 'forever',
      durable: async () => await durablePositions(durable, progress),
      ending,
    },
    signal,
    log,
  });
  for await (const message of messages) {
    if (message.type !== 'STATE') {
      if (message.type === 'RECORDS') progress.addRows(message.count);
      yield message;
      continue;
    }
    progress.take(message);
    const state = progress.due();
    if (state !== undefined) yield state;
  }
}

/** Without a `durable` function, nothing counts as durable. */
async function durablePositions(
  durable: (() => Promise<State | undefined>) | undefined,
  progress: ProgramProgress,
): Promise<Readonly<Record<string, Bookmark>> | undefined> {
  const state = await durable?.();
  return state === undefined ? undefined : progress.logPositions(state);
}

/** Aborted when a log has been followed for long enough. */
function endAfter(until: Until): Disposable & { readonly signal: AbortSignal } {
  const ending = new AbortController();
  const milliseconds = typeof until === 'number' ? Math.min(until * 1000, 2 ** 31 - 1) : undefined;
  const timer = milliseconds === undefined ? undefined : setTimeout(() => ending.abort(), milliseconds);
  return { signal: ending.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}
