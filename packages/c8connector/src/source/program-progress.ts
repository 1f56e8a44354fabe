import type { Log } from '../interface/log.ts';
import type { StateMessage } from '../interface/messages.ts';
import type { Progress, Unit } from '../interface/progress.ts';
import type { Bookmark, State } from '../interface/state.ts';
import type { Stream } from '../interface/stream.ts';
import { begin, hasSession, isUnitState, logPositions, mergePatch, unitsOf } from '../replication/methods.ts';
import { readSingerState, singerState } from '../singer/state.ts';
import type { SelectedStream } from './selection.ts';
import { statePace } from './state-pace.ts';

/** The progress of a Singer program. A state contains the bookmarks of all streams, so one is made only when it is emitted. */
export interface ProgramProgress {
  /** Id of the run: of the interrupted one when that is resumed. */
  readonly run: string;
  /** The streams in the order in which they are read. */
  ordered<S extends Stream>(items: readonly SelectedStream<S>[]): readonly SelectedStream<S>[];
  /** The next unit of a stream; undefined once all its own units are done. */
  next<S extends Stream>(item: SelectedStream<S>): Unit | undefined;
  /** Starts a stream over, whose log is to be followed from a position. */
  begin<S extends Stream>(item: SelectedStream<S>, logPosition: Bookmark | undefined): void;
  /** A version that is higher than all before it. */
  version(): number;
  /** An epoch for the next unit: its rows are numbered above all before them. */
  epoch(): number;
  /** The streams that follow the log now. */
  following<S extends Stream>(items: readonly SelectedStream<S>[]): readonly string[];
  /** The positions from which the log is followed, by stream; for streams that are not in `durable`, where they began or what the initial state said. */
  logPositions(durable: State): Readonly<Record<string, Bookmark>>;
  /** The progress of a stream that has been begun. */
  of(stream: string): Progress;
  /** Merges the state of a unit. */
  take(message: StateMessage): void;
  /** Counts rows that were emitted. */
  addRows(count: number): void;
  /** Records that each stream was tried. */
  end(): void;
  /** The newest progress as a state, if one is due. */
  due(): StateMessage | undefined;
  /** The newest progress as a state; undefined when nothing changed since the last one. */
  rest(): StateMessage | undefined;
}

interface ProgramOptions {
  /** Id of the run. */
  readonly run: string;
  /** Whether a state is always due: for a reader that uses each of them, or that reads a single stream. */
  readonly isEager: boolean;
  readonly log: Log;
}

/** The progress of a program that resumes from this state. */
export function programProgress(from: State, { run, isEager, log }: ProgramOptions): ProgramProgress {
  const { streams, rest: carried, isInterrupted } = readSingerState(from, run);
  // The session of a copy is one of the program that began it.
  const progress = new Map(Object.entries(streams).filter(([, own]) => !hasSession(own)));
  const bookmarks = new Map(Object.entries(carried.bookmarks ?? {}));
  const hadTurn = new Set<string>();
  const pace = statePace();
  const heldPositions = new Map(Object.entries(logPositions(streams)));
  let lastEpoch = 0;
  let hasRows = false;
  let lastVersion = Math.max(0, ...Object.values(streams).map(({ version }) => version));
  let syncing: string | null = isInterrupted ? (from.currently_syncing ?? null) : null;
  let isOver = false;
  let isNoted = isInterrupted;

  const rest = (): StateMessage | undefined => {
    if (!isNoted) return undefined;
    isNoted = false;
    pace.restart();
    const state = {
      streams: Object.fromEntries(progress),
      rest: bookmarks.size === 0 ? carried : { ...carried, bookmarks: Object.fromEntries(bookmarks) },
      ...(isOver ? {} : { run: { id: run } }),
    };
    return { type: 'STATE', value: singerState(state, isOver ? null : syncing) };
  };
  const version = (): number => {
    lastVersion = Math.max(Date.now(), lastVersion + 1);
    return lastVersion;
  };

  return {
    run,
    ordered: (items) => items.toSorted((a, b) => Number(b.stream.id === syncing) - Number(a.stream.id === syncing)),
    next(item) {
      const { id } = item.stream;
      const unit = unitsOf(id, progress.get(id), item.replication, run).find(
        (one) => one.kind !== 'log' && !hadTurn.has(one.id),
      );
      if (unit === undefined) return undefined;
      hadTurn.add(unit.id);
      if (unit.kind === 'begin') return unit;
      syncing = id;
      isNoted = true;
      return unit;
    },
    begin({ stream: { id }, replication }, logPosition) {
      if (bookmarks.delete(id))
        log.warn(`stream '${id}': the state cannot be gone on with: it is read from its beginning`);
      const begun = begin(replication, version(), { before: progress.get(id), logPosition });
      progress.set(id, begun);
      for (const [stream, position] of Object.entries(logPositions({ [id]: begun })))
        heldPositions.set(stream, position);
    },
    version,
    epoch() {
      // Units without rows use up no epoch: with many tables, epochs would otherwise run ahead of the clock, with which the next program begins.
      lastEpoch = Math.max(Date.now(), hasRows ? lastEpoch + 1 : lastEpoch);
      hasRows = false;
      return lastEpoch;
    },
    following: (items) =>
      items
        .filter(({ stream: { id }, replication }) =>
          unitsOf(id, progress.get(id), replication, run).some(({ kind }) => kind === 'log'),
        )
        .map(({ stream }) => stream.id),
    logPositions(durable) {
      const known = readSingerState(durable, run).streams;
      const isSame = (stream: string): boolean =>
        progress.get(stream) === undefined || known[stream]?.copy === progress.get(stream)?.copy;
      const kept = Object.entries(logPositions(known)).filter(([stream]) => isSame(stream));
      return Object.fromEntries([...heldPositions, ...kept]);
    },
    of(stream) {
      const own = progress.get(stream);
      if (own === undefined) throw new Error(`the stream ${stream} was not begun`);
      return own;
    },
    take({ value }) {
      if (isUnitState(value)) lastEpoch = Math.max(lastEpoch, value.lastEpoch ?? 0);
      for (const [stream, patch] of isUnitState(value) ? Object.entries(value.patches) : []) {
        const next = mergePatch(progress.get(stream), patch);
        if (next !== undefined) progress.set(stream, next);
      }
      isNoted = true;
    },
    addRows(count) {
      hasRows ||= count > 0;
      pace.add(count);
    },
    end() {
      isOver = true;
      isNoted = true;
    },
    due: () => (isEager || pace.isDue() ? rest() : undefined),
    rest,
  };
}
