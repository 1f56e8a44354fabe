/// <reference lib="esnext.disposable" preserve="true" />
import type { Catalog } from './catalog.ts';
import type { Log } from './log.ts';
import type { Exactness, Face, SourceMessage } from './messages.ts';
import type { Partition, Progress, Replication, SessionPartitions, Unit, Until } from './progress.ts';
import type { Bookmark } from './state.ts';

/** What a source is opened for. */
export interface OpenRequest {
  readonly config: unknown;
  /** When given, only these streams are wanted. */
  readonly streams?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A stream that is read in a run. */
export interface OpenStream {
  readonly id: string;
  readonly replication: Replication;
  /** The columns of its rows that are known, with those that its log adds. */
  readonly columns: readonly string[];
}

/** What {@link SourceSession.read} reads. */
export interface UnitReadRequest {
  readonly unit: Unit;
  /** Id of the run. */
  readonly run: string;
  /** Id of the connection, the same in all its runs; left out by a Singer program, which knows none. */
  readonly connection?: string | undefined;
  /** How far the streams of the unit are. */
  readonly progress: Readonly<Record<string, Progress>>;
  /** The epoch of the unit's claim: rows that are numbered count from it. */
  readonly epoch: number;
  /** A new version of a stream, higher than all before it: for a table that is emptied while its log is read. */
  version(): Promise<number>;
  /** How decimals and JSON columns shall stand in lines. */
  readonly exact: Exactness;
  /** In which form the target takes rows. */
  readonly face?: Face | undefined;
  /** See `statePerPage` of a ReadRequest. */
  readonly statePerPage?: boolean | undefined;
  /** How a log is followed; for a unit that does. */
  readonly follow?: FollowRequest | undefined;
  /** Aborted on the first signal: the read ends soon, and that is not a failure. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** How a log is followed. */
export interface FollowRequest {
  readonly until: 'now' | 'forever';
  /** The durable position of each stream of the connection that follows the log or will; undefined while the source must not confirm any. */
  durable(): Promise<Readonly<Record<string, Bookmark>> | undefined>;
  /** Aborted when the read should end at its next position. */
  readonly ending?: AbortSignal | undefined;
}

/** The log of an opened source. */
export interface SourceLog {
  /** Until when it is followed where nobody says it. */
  readonly until: Until;
  /** Makes sure that the server keeps its log from now on for all selected streams that follow it, and says where it stands for the one that is begun. */
  begin(
    request: Pick<UnitReadRequest, 'connection' | 'signal' | 'log'> & { readonly stream: string },
  ): Promise<Bookmark>;
}

/** A source that was opened for a run: it has found its streams, and reads them unit by unit. The runtime keeps their progress. */
export interface SourceSession extends AsyncDisposable {
  /** What was found, none of it selected, in the order of the ids. */
  readonly catalog: Catalog;
  /**
   * Chooses what is read, by the metadata of the catalog; to be called before `read`. Throws a ConfigError that names every stream, column or replication method that
   * there is not.
   */
  select(catalog: Catalog): readonly OpenStream[];
  /** The parts in which a stream that is selected can be copied side by side; [] when it cannot. Left out by a source whose streams never can. */
  partitions?(
    stream: string,
    request: Pick<UnitReadRequest, 'signal' | 'log'>,
  ): Promise<readonly Partition[] | SessionPartitions>;
  /** Of a source that can follow one. */
  readonly log?: SourceLog | undefined;
  /** Reads one unit of streams that are selected. Each STATE is a `UnitState`. Ending it early with `return()` releases everything it holds. */
  read(request: UnitReadRequest): AsyncIterable<SourceMessage>;
}
