import type { Batch } from './batch.ts';
import type { State } from './singer/state.ts';
import type { StreamSchema } from './stream.ts';

/** Stands before the first records that it describes, and again at each change. */
export interface SchemaMessage {
  readonly type: 'SCHEMA';
  readonly stream: string;
  /** Holds the selected columns only, in their order. */
  readonly schema: StreamSchema;
  readonly keyProperties: readonly string[];
  readonly bookmarkProperties?: readonly string[];
}

/** Every row of the stream whose version is lower may be removed. */
export interface ActivateVersionMessage {
  readonly type: 'ACTIVATE_VERSION';
  readonly stream: string;
  /** Milliseconds since 1970 at the start of the copy. */
  readonly version: number;
}

/** Singer's state: one cumulative value, true for everything that came before it. */
export interface StateMessage {
  readonly type: 'STATE';
  readonly value: State;
}

/** Asks a target to make everything before it durable, and then to yield `state`, unchanged. */
export interface FlushMessage {
  readonly type: 'FLUSH';
  /** Undefined while no STATE came yet: the target flushes and yields it all the same, and nothing is stored. */
  readonly state: State | undefined;
}

/** What a source yields, in this order for each stream: SCHEMA, RECORDS and STATE in turn, ACTIVATE_VERSION. */
export type SourceMessage = SchemaMessage | Batch | ActivateVersionMessage | StateMessage;

/** What a target receives. Streams may be interleaved. A FLUSH is always the last message. */
export type TargetMessage = SchemaMessage | Batch | ActivateVersionMessage | FlushMessage;
