import { isDeepStrictEqual } from 'node:util';
import type { Lag } from '../interface/messages.ts';
import type { Json, Unit } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { positionOf } from '../replication/position.ts';
import type { EventBody, StreamPhase } from './events.ts';
import type { UnitFailure } from './summaries.ts';

/** A unit emits positions at most this often, and of at most this many streams at once: a log may have thousands. */
const positionMilliseconds = 1000;
const mostPositions = 100;

const phases: Readonly<Record<Unit['kind'], StreamPhase>> = {
  begin: 'beginning',
  copy: 'copying',
  seal: 'sealing',
  increment: 'reading',
  log: 'following',
  tap: 'reading',
};

/** Emits the positions of the streams of a unit. */
export interface PositionReport {
  onLag(lag: Lag | undefined): void;
  /** To be called with each state that was stored. */
  onSaved(state: State): void;
  onEnd(failure: UnitFailure | undefined): void;
}

/** Emits the phase of the streams of a unit, and then each position. */
export function reportPositions(unit: Unit, emit: (event: EventBody) => void): PositionReport {
  const emitted = new Map<string, Json | undefined>();
  let lag: Lag | undefined;
  let saved: State | undefined;
  let emittedAt = performance.now();

  const emitStream = (stream: string, phase: StreamPhase, position: Json | undefined): void => {
    emitted.delete(stream);
    emitted.set(stream, position);
    emit({
      type: 'stream',
      unit: unit.id,
      stream,
      phase,
      ...(position === undefined ? {} : { position }),
      ...(lag === undefined ? {} : { lag }),
    });
  };
  const emitMoved = (state: State, most: number): void => {
    const moved = [...emitted.keys()]
      .map((stream) => ({ stream, position: positionOf(state, stream) }))
      .filter(({ stream, position }) => position !== undefined && !isDeepStrictEqual(position, emitted.get(stream)));
    for (const { stream, position } of moved.slice(0, most)) emitStream(stream, phases[unit.kind], position);
    emittedAt = performance.now();
  };

  for (const stream of unit.streams) emitStream(stream, phases[unit.kind], undefined);
  return {
    onLag(now) {
      lag = now ?? lag;
    },
    onSaved(state) {
      saved = state;
      if (performance.now() - emittedAt >= positionMilliseconds) emitMoved(state, mostPositions);
    },
    onEnd(failure) {
      if (saved !== undefined) emitMoved(saved, Number.POSITIVE_INFINITY);
      if (failure === undefined) return;
      emit({ type: 'failed', unit: unit.id, streams: failure.streams, error: failure.error });
      for (const stream of failure.streams) emitStream(stream, 'failed', emitted.get(stream));
    },
  };
}
