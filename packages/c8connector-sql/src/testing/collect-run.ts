import {
  defineTarget,
  neverStop,
  openMemoryStateStore,
  type Row,
  type RunEvent,
  run,
  type SourceConnector,
  type StateStore,
  silentLog,
} from 'c8connector';
import { catalogWith } from './catalog-with.ts';

/** The result of a run with a store for one stream. */
export interface CollectedRun {
  readonly status: string;
  readonly events: readonly RunEvent[];
  /** Rows of the active version; [] if there is none yet. */
  readonly rows: readonly Row[];
  readonly store: StateStore;
}

/** What {@link collectRun} copies. */
export interface CollectRequest {
  readonly source: SourceConnector;
  /** The raw config. */
  readonly config: Record<string, unknown>;
  readonly stream: string;
  readonly concurrency?: number;
  readonly store?: StateStore;
  /** The stream's metadata in the catalog. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Called after each batch of rows that the target received. */
  readonly onRows?: (rows: readonly Row[]) => Promise<void>;
}

/** Copies one stream into a target in memory that keeps the rows of each version. */
export async function collectRun(request: CollectRequest): Promise<CollectedRun> {
  const { source, config, stream, concurrency = 1, store = openMemoryStateStore(), metadata = {}, onRows } = request;
  const versions = new Map<number, Row[]>();
  let active = 0;
  const target = new (defineTarget({
    package: { name: 'c8-target-memory', version: '1.0.0' },
    name: 'Memory',
    description: 'Keeps rows.',
    config: {},
    async *write(messages) {
      for await (const message of messages) {
        if (message.type === 'RECORDS') {
          const { version = 0 } = message;
          versions.set(version, [...(versions.get(version) ?? []), ...message.rows()]);
          await onRows?.(message.rows());
        }
        if (message.type === 'ACTIVATE_VERSION') active = message.version;
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  }))();
  const events: RunEvent[] = [];
  const { status } = await run({
    source,
    sourceConfig: config,
    target,
    targetConfig: {},
    catalog: catalogWith(stream, metadata),
    store,
    concurrency,
    stop: neverStop(),
    log: silentLog,
    onEvent: (event) => void events.push(event),
  });
  return { status, events, rows: versions.get(active) ?? [], store };
}
