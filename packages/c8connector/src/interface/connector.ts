import type { Catalog } from './catalog.ts';
import type { Ledger, Rejection } from './ledger.ts';
import type { Log } from './log.ts';
import type { Exactness, Face, SourceMessage, TargetMessage } from './messages.ts';
import type { Until } from './progress.ts';
import type { ConfigProperty } from './property.ts';
import type { OpenRequest, SourceSession } from './source-session.ts';
import type { SourceSlot } from './source-slot.ts';
import type { State } from './state.ts';
import type { ValueSchema } from './stream.ts';
import type { Row } from './value.ts';

/** The kind of a connector: it reads, it writes, or it has actions. */
export type ConnectorType = 'source' | 'target' | 'integration';

/** What a connector can do beyond its interface; derived from its definition. The names are those of the Singer SDK. */
export type Capability = 'about' | 'catalog' | 'discover' | 'state' | 'log-based' | 'recover';

/** SchemaAttributeType of the original. */
export type AttributeType = 'bool' | 'int' | 'long' | 'float' | 'double' | 'string' | 'object';

/** The columns of a stream as the host API shows them. Only names and coarse types: a catalog has the JSON Schema. */
export interface Schema {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly type: AttributeType }[];
}

/** The first rows of a stream, for a preview. */
export interface Sample {
  readonly schema: Schema;
  /** At most ten rows. */
  readonly data: readonly Row[];
}

/** Result of one step of `validate`. */
export interface ValidationStep {
  /** Stable, in snake case: `login`. */
  readonly id: string;
  readonly label: string;
  readonly status: 'passed' | 'warning' | 'failed';
  readonly message: string;
  /** What to do about a warning or a failure. */
  readonly remedy?: string;
  /** The config property at fault. */
  readonly property?: string;
  readonly durationMs: number;
}

/** The results of the steps of `validate`, in the order in which they ran. Steps after a failure are absent. */
export interface ValidationReport {
  /** False when a step failed; warnings are allowed. */
  readonly ok: boolean;
  readonly steps: readonly ValidationStep[];
}

/** Options of every call of a connector, beside its config. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly log?: Log;
  /** For `samples` and `schemas`: only these streams; those that do not exist are ignored. */
  readonly streams?: readonly string[];
  /** Called with each step of `validate` as soon as it is known. */
  readonly onStep?: (step: ValidationStep) => void;
}

/**
 * The C8 connector interface, member by member that of the Python original. Constants are properties, everything else is a method. `config` is
 * always the raw config of one connection, as it comes from a form or a file; the connector parses it.
 */
export interface C8Connector {
  /** For people: 'PostgreSQL'. */
  readonly name: string;
  /** 'c8-source-postgres'. */
  readonly packageName: string;
  /** Semantic version of the package. */
  readonly version: string;
  readonly type: ConnectorType;
  readonly description: string;
  /** Data URI, '' when there is none. */
  readonly logo: string;
  readonly config: readonly ConfigProperty[];
  readonly capabilities: readonly Capability[];
  /** Column names that the connector reserves for itself; see `reservedNames`. */
  readonly reservedKeys: readonly string[];
  /** Resolves when no step failed; rejects with a ValidationError that carries the report. Changes nothing in the service, except for a probe. */
  validate(config: unknown, options?: CallOptions): Promise<ValidationReport>;
  /** The first ten rows of each stream; [] for a target; an example of its input for each action of an integration. */
  samples(config: unknown, options?: CallOptions): Promise<Sample[]>;
  /** The columns of each stream; [] for a target; the input of each action of an integration. */
  schemas(config: unknown, options?: CallOptions): Promise<Schema[]>;
}

/** What a Singer program reads, and from which state on. */
export interface ReadRequest {
  readonly config: unknown;
  /** What to read: the streams and columns that its metadata selects. */
  readonly catalog: Catalog;
  /** Where an earlier run ended; absent for a first run. */
  readonly state?: State | undefined;
  /** The newest state that is known to be durable; resolves with undefined while there is none. Absent where it is unknown. */
  readonly durable?: (() => Promise<State | undefined>) | undefined;
  /** Until when a log is followed; the value in the config when absent. */
  readonly until?: Until | undefined;
  /** How decimals and JSON columns are written in lines. */
  readonly exact: Exactness;
  /** Whether small pages go out one by one instead of joined to batches, and a STATE comes after each page and each stream: slower, for tests that inspect every bookmark. */
  readonly statePerPage?: boolean;
  /** Aborted on the first signal: the source ends soon, and that is not a failure. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A connector that reads: every source is also a Singer tap. */
export interface SourceConnector extends C8Connector {
  readonly type: 'source';
  /** All streams that the config allows to be read, none of them selected, in the order of their ids. */
  discover(config: unknown, options?: CallOptions): Promise<Catalog>;
  /** All that a Singer program does. Ends when all selected streams are read. `return()` ends it early and releases its resources. */
  read(request: ReadRequest): AsyncIterable<SourceMessage>;
  /** Opens the source for a run. A source without it manages its own state: a run reads all of it with `read`, as one unit. */
  open?(request: OpenRequest): Promise<SourceSession>;
  /** What its service keeps for a connection beyond its runs, to look at it and to drop it. Left out where nothing is kept. */
  readonly slot?: SourceSlot | undefined;
}

/** Limits for a FLUSH: after this many rows, bytes of lines, or seconds since the first row that is not flushed. */
export interface FlushLimits {
  readonly rows: number;
  readonly bytes: number;
  /** Seconds. */
  readonly age: number;
}

/** What a target wants to receive: when to FLUSH, and how decimals are written in lines. */
export interface TargetNeeds {
  readonly flush: FlushLimits;
  readonly exact: Exactness;
  /** The preferred form of rows; lines when absent. A hint for sources that support several. */
  readonly face?: Face | undefined;
  /** Where it writes with this config, such as host and bucket, without secrets. When it differs from the last run, all streams start over. When absent, the settings are compared. */
  readonly place?: string;
  /** Whether it uses the ledger: a target whose writes cannot be undone. */
  readonly needsLedger?: boolean;
}

/** Identity of the writing run and unit. */
export interface RunIdentity {
  /** Unique for the run. */
  readonly id: string;
  /** Unique for the connection, the same in all its runs. */
  readonly connection: string;
  /** The part of the work: unique within the connection, the same in all its runs. */
  readonly unit: string;
  /** Rises with each claim of any unit of the connection. It is a fencing token: a writer with a lower epoch for this unit must not commit. */
  readonly epoch: number;
  /** Rises when the target writes to another place. State that was stored under another generation is ignored. */
  readonly generation: number;
}

/** Where a target writes, for which run, and until when. */
export interface WriteRequest {
  readonly config: unknown;
  readonly run: RunIdentity;
  /** The streams of the unit; absent where nobody knows them before they come, as in a pipe. */
  readonly streams?: readonly string[] | undefined;
  /** Aborted when the grace after a first signal is over: stop at once, and leave nothing half-written. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** The delivery log of the open run, for a target with `needsLedger`; absent where none can be stored. */
  readonly ledger?: Ledger | undefined;
  /** Called for each row that is rejected while the run continues, once the rejection is as durable as the rows around it, and before the state after it is yielded. */
  readonly onRejected?: ((rejection: Rejection) => void) | undefined;
  /** How many rows of each stream were rejected in this run so far, also by other units and attempts. Absent where nobody counts them. */
  readonly rejected?: ReadonlyMap<string, number> | undefined;
}

/** An object that counts in a target of objects. */
export interface StoredObject {
  /** Its whole name, as the service of the target knows it. */
  readonly key: string;
  readonly stream: string;
  /** 0 where the source gives none. */
  readonly version: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Which objects are asked for. */
export interface ObjectsOptions extends CallOptions {
  /** Those of one connection, by its id; of all that write to this place when left out. */
  readonly connection?: string | undefined;
  readonly stream?: string | undefined;
  /** Those of versions that are not the active one of their stream as well. */
  readonly all?: boolean | undefined;
}

/** A connector that writes: every target is also a Singer target. */
export interface TargetConnector extends C8Connector {
  readonly type: 'target';
  /** What the target wants to receive under this config. Throws a ConfigError when the config is invalid. */
  accepts(config: unknown): TargetNeeds;
  /**
   * Yields the state of each FLUSH, unchanged and in order, once everything before that FLUSH is durable. This is the only acknowledgement.
   * Ending without yielding the last state is a ConnectorError.
   */
  write(messages: AsyncIterable<TargetMessage>, request: WriteRequest): AsyncIterable<State | undefined>;
  /**
   * Called between the claim of a unit and its read, by a target that stores the state with the data. First makes sure that no writer with a lower epoch can commit for this unit any more.
   * Then removes what the unit wrote since its last commit. Resolves with the state of that commit; undefined when there is none of this generation.
   */
  recover?(request: WriteRequest): Promise<State | undefined>;
  /**
   * Called when a copy of a stream is complete, and at the end of a run, for streams of which nothing is written at the moment. Removes all that units of these streams wrote under a lower epoch than that of the request and never
   * committed, those too that are not part of the plan any more; first makes sure that none of it can still be committed. Data is right without it: a failure is logged and fails nothing.
   */
  finish?(request: WriteRequest, streams: readonly string[]): Promise<void>;
  /** The objects that were committed, of each stream those of its active version, in the order in which they were written. For a target that stores objects. */
  objects?(config: unknown, options?: ObjectsOptions): AsyncIterable<StoredObject>;
}

/** One action of an integration. */
export interface Action {
  /** Unique within the integration: 'postMessage'. */
  readonly name: string;
  readonly description: string;
  /** The input, declared like the properties of a config. */
  readonly input: readonly ConfigProperty[];
  /** JSON Schema of the output. */
  readonly output: ValueSchema;
  /** A valid input, for samples and docs. */
  readonly example: Readonly<Record<string, unknown>>;
}

/** A connector that does things in a service, such as posting a message. Rows become calls by `actionTarget`. */
export interface IntegrationConnector extends C8Connector {
  readonly type: 'integration';
  readonly actions: readonly Action[];
  /**
   * Does one action once. Rejects with a ConfigError `input_invalid` that names every invalid property, with a ConnectionError `outcome_unknown` when it is unknown whether
   * the service executed it, and otherwise with the error of the service, whose own code is in the text.
   */
  call(action: string, config: unknown, input: unknown, options?: CallOptions): Promise<unknown>;
  /** Escapes plain text for the text of an input: the value that a template inserts for `{{column}}`. Absent where text needs no escaping. */
  escape?(text: string): string;
}

const members: Readonly<Record<string, string>> = {
  name: 'string',
  packageName: 'string',
  version: 'string',
  description: 'string',
  logo: 'string',
  config: 'array',
  capabilities: 'array',
  reservedKeys: 'array',
  validate: 'function',
  samples: 'function',
  schemas: 'function',
};

const methods: Readonly<Record<ConnectorType, readonly string[]>> = {
  source: ['discover', 'read'],
  target: ['accepts', 'write'],
  integration: ['call'],
};

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Whether a value has the shape of a connector, with the methods of its `type`. Checks the shape only, so it works across copies of the package. */
export function isC8Connector(value: unknown): value is SourceConnector | TargetConnector | IntegrationConnector {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Record<string, unknown>;
  const wanted = methods[candidate.type as ConnectorType];
  if (wanted === undefined) return false;
  if (candidate.type === 'integration' && !Array.isArray(candidate.actions)) return false;
  return (
    Object.entries(members).every(([name, kind]) => kindOf(candidate[name]) === kind) &&
    wanted.every((name) => typeof candidate[name] === 'function')
  );
}

/** Whether a connector reads; narrows its type. */
export function isSource(connector: C8Connector): connector is SourceConnector {
  return connector.type === 'source';
}

/** Whether a connector has actions; narrows its type. */
export function isIntegration(connector: C8Connector): connector is IntegrationConnector {
  return connector.type === 'integration';
}

/** Whether a connector writes; narrows its type. */
export function isTarget(connector: C8Connector): connector is TargetConnector {
  return connector.type === 'target';
}
