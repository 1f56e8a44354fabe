import type { FlushLimits, TargetConnector } from '../../src/index.ts';
import type { Effects } from './effects.ts';
import type { Host } from './host.ts';
import type { CommittedState, ReadablePlace } from './place.ts';

/** One of the three targets, with all places that it ever wrote to. */
export interface SimulatedTarget {
  /** The target as one host has it. */
  connect(host: Host): TargetConnector;
  place(name: string): ReadablePlace;
  /** Copies everything to another place, as somebody does who then keeps the state. */
  movePlace(from: string, to: string): void;
  /** Of a target with `recover`. */
  readonly committedState?: (place: string, connection: string) => CommittedState;
}

export interface TargetOptions {
  readonly effects: Effects;
  readonly flush: Partial<FlushLimits>;
  /** Called at the moment in which a version hides the one before. */
  onActivated(place: ReadablePlace, stream: string, version: number): void;
}

/** The settings of all three. */
export const placeConfig = {
  place: { type: 'string', displayName: 'Place', description: 'Where it writes.', isMandatory: true },
} as const;
