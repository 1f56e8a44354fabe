import {
  type Catalog,
  catalogOf,
  type Progress,
  type RunEvent,
  type RunRequest,
  run,
  type SourceConnector,
  type StateStore,
  silentLog,
  type TargetConnector,
} from '../../src/index.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';
import type { Effects } from './effects.ts';
import type { Host } from './host.ts';

/** What is recorded of the store of one host. */
export interface StoreWatch {
  onBegun(stream: string, progress: Progress): void;
  onCommitted(
    unit: string,
    claim: Awaited<ReturnType<StateStore['claim']>>,
    state: Parameters<StateStore['commit']>[2],
  ): void;
}

/** A store whose every call is an effect of its host. */
export function watchedStore(store: StateStore, { effect }: Effects, host: Host, watch: StoreWatch): StateStore {
  const claims = new Map<string, Awaited<ReturnType<StateStore['claim']>>>();
  return {
    load: () => effect(host, 'load', () => store.load()),
    loadDurable: () => effect(host, 'load', () => store.loadDurable()),
    begin: (request) => effect(host, 'begin', () => store.begin(request)),
    claim: (unit, generation) =>
      effect(host, `claim ${unit}`, async () => {
        const claim = await store.claim(unit, generation);
        claims.set(unit, claim);
        return claim;
      }),
    version: (unit, epoch) => effect(host, `version ${unit}`, () => store.version(unit, epoch)),
    put: (unit, epoch, stream, progress) =>
      effect(host, `store ${unit}`, async () => {
        if (progress !== undefined) watch.onBegun(stream, progress);
        await store.put(unit, epoch, stream, progress);
      }),
    commit: (unit, epoch, state) =>
      effect(host, `store ${unit}`, async () => {
        await store.commit(unit, epoch, state);
        const claim = claims.get(unit);
        if (claim !== undefined) watch.onCommitted(unit, claim, state);
      }),
    adopt: (unit, epoch, state) => effect(host, `adopt ${unit}`, () => store.adopt(unit, epoch, state)),
    finish: (id) => effect(host, 'finish', () => store.finish(id)),
    [Symbol.asyncDispose]: async () => {
      if (!host.isDead) await store[Symbol.asyncDispose]();
    },
  };
}

/** What one run of a host is asked for. */
export interface HostRunRequest
  extends Pick<RunRequest, 'source' | 'target' | 'store' | 'refresh' | 'keepsState' | 'concurrency' | 'until'> {
  readonly source: SourceConnector;
  readonly target: TargetConnector;
  readonly lookbackSeconds: number;
  readonly place: string;
  readonly catalog: Catalog;
}

/** How a run of a host ended. */
export interface HostRun {
  readonly isOver: boolean;
  /** Of the last event; undefined when the run was rejected. */
  readonly status: 'done' | 'failed' | 'stopped' | undefined;
  readonly error: unknown;
  readonly events: readonly RunEvent[];
}

/** Starts a run of a host; the result changes while it goes on. */
export function startRun(host: Host, { place, lookbackSeconds, ...request }: HostRunRequest): HostRun {
  const { events, onEvent } = checkedEvents();
  const result: { -readonly [K in keyof HostRun]: HostRun[K] } = {
    isOver: false,
    status: undefined,
    error: undefined,
    events,
  };
  const whole = async (): Promise<void> => {
    await using _ = request.store;
    const { status } = await run({
      ...request,
      sourceConfig: { lookback_seconds: lookbackSeconds },
      targetConfig: { place },
      stop: host.stop,
      log: silentLog,
      onEvent,
    });
    result.status = status;
  };
  whole()
    .catch((error: unknown) => {
      result.error = error;
    })
    .finally(() => {
      result.isOver = true;
    });
  return result;
}

/** A catalog that selects these streams, each with the one method that it has. */
export function catalogFor(streams: Parameters<typeof catalogOf>[0], selected: readonly string[]): Catalog {
  const wanted = catalogOf(streams.filter(({ id }) => selected.includes(id)));
  const methodOf = new Map(streams.map(({ id, replication }) => [id, replication]));
  return {
    streams: wanted.streams.map((entry) => {
      const { methods: [method] = [], keys: [key] = [] } = methodOf.get(entry.tap_stream_id) ?? {};
      const metadata = {
        selected: true,
        'replication-method': method,
        ...(key === undefined ? {} : { 'replication-key': key }),
      };
      return { ...entry, metadata: [...entry.metadata, { breadcrumb: [], metadata }] };
    }),
  };
}
