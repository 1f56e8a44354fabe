import type { Progress } from '../interface/progress.ts';
import { type Method, type Reached, unitId } from './method.ts';

type Incremental = Extract<Progress, { method: 'INCREMENTAL' }>;

/** Reads what is new by a replication key. One unit, in every run. */
export const incremental: Method<Incremental> = {
  // Another tap's bookmark may have a value and no version.
  needsBegin: (progress, { replicationKey }) => progress.replicationKey !== replicationKey || progress.version === 0,

  begin({ replicationKey = '' }, version, { before }) {
    const begun = { method: 'INCREMENTAL', copy: version, version, replicationKey } as const;
    const isForeign = before?.method === 'INCREMENTAL' && before.version === 0;
    return isForeign && before.replicationKey === replicationKey ? { ...before, ...begun } : begun;
  },

  units: (stream) => [{ id: unitId(stream, 'increment'), kind: 'increment', streams: [stream] }],

  start: ({ position, value }) => ({
    ...(position === undefined ? {} : { bookmark: position }),
    ...(value === undefined ? {} : { value }),
  }),

  page: (progress, _unit, reached) => ({ kind: 'increment', progress: reachedBy(progress, reached) }),

  // A position is valid within one read only; the next read begins at the value.
  end: (progress, _unit, { position: _, ...reached }) => ({
    kind: 'increment',
    progress: reachedBy(progress, reached),
  }),

  merge(progress, patch) {
    if (patch.kind !== 'increment' || patch.progress.method !== 'INCREMENTAL') return undefined;
    const { copy, replicationKey } = patch.progress;
    return copy === progress.copy && replicationKey === progress.replicationKey ? patch.progress : undefined;
  },
};

function reachedBy(progress: Incremental, { position, value, isNumber }: Reached): Incremental {
  const { position: _position, value: _value, isNumber: _isNumber, ...begun } = progress;
  const before = value === undefined ? progress : { value, isNumber };
  return {
    ...begun,
    ...(before.value === undefined ? {} : { value: before.value }),
    ...(before.isNumber === undefined ? {} : { isNumber: before.isNumber }),
    ...(position === undefined ? {} : { position }),
  };
}
