import type { Catalog } from '../interface/catalog.ts';
import type { SourceConnector, TargetConnector } from '../interface/connector.ts';
import type { Log } from '../interface/log.ts';
import type { Unit, Until } from '../interface/progress.ts';
import type { FollowRequest, OpenStream, SourceSession } from '../interface/source-session.ts';
import type { ColumnStore } from '../state/column-store.ts';
import type { DeliveryLog } from '../state/delivery-log.ts';
import type { StateStore } from '../state/state-store.ts';
import type { EventBody } from './events.ts';
import type { Stop } from './stop.ts';

/** What a run has opened, and what its units share. */
export interface RunContext {
  /** Id of the run. */
  readonly run: string;
  readonly generation: number;
  readonly source: SourceConnector;
  readonly sourceConfig: unknown;
  /** Undefined for a source that keeps its own state: then `catalog` determines what it reads. */
  readonly session: SourceSession | undefined;
  /** The streams by id, in the order in which they are read. */
  readonly streams: ReadonlyMap<string, OpenStream>;
  /** Copies that this run has begun and not read from yet, by stream and copy: an empty set at first. Units that do not share this set work too, but begin a copy in one piece twice. */
  readonly fresh: Set<string>;
  /** Streams whose log position is not stored yet: an empty set at first. */
  readonly beginning: Set<string>;
  /** How many rows of each stream were rejected in this run: an empty map at first. */
  readonly rejected: Map<string, number>;
  readonly catalog: Catalog;
  readonly target: TargetConnector;
  readonly targetConfig: unknown;
  /** Until when a log is followed. */
  readonly until: Until;
  readonly store: StateStore;
  readonly columns?: ColumnStore | undefined;
  readonly deliveries?: DeliveryLog | undefined;
  readonly stop: Stop;
  readonly log: Log;
}

/** What {@link runUnit} needs. */
export interface UnitRequest extends RunContext {
  readonly unit: Unit;
  /** For a unit that follows the log: until when, and a signal that ends it at its next position. When left out, it reads to the current end of the log. */
  readonly follow?: Pick<FollowRequest, 'until' | 'ending'> | undefined;
  /** Called with each event of the unit; `numberEvents` adds the header of the run's events. Must not throw. */
  readonly onEvent: (event: EventBody) => void;
}
