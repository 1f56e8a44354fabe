import { isDeepStrictEqual } from 'node:util';
import { timedIterator } from '../deadline.ts';
import type { FlushLimits } from '../interface/connector.ts';
import type {
  FlushMessage,
  RecordsMessage,
  SchemaMessage,
  SourceMessage,
  TargetMessage,
} from '../interface/messages.ts';
import type { State } from '../interface/state.ts';

/** How long a due FLUSH waits for the STATE that usually follows its records. */
const stateGrace = 500;
/** How often an idle input is checked for a signal. */
const signalPoll = 200;

/** When a FLUSH is made. */
export interface CheckpointOptions {
  readonly limits: FlushLimits;
  /** Whether the target commits at checkpoints only: then the first STATE after a FLUSH that was not a checkpoint causes a FLUSH at once. */
  readonly hasRecover: boolean;
  /** When it aborts, a FLUSH is made. */
  readonly signal?: AbortSignal;
}

/** Counts of what was passed on since the last FLUSH. */
interface Unflushed {
  rows: number;
  bytes: number;
  /** When the first message came, in milliseconds since 1970; when there are rows, the first row. */
  firstAt: number;
  /** Whether the limits were reached; the FLUSH still waits a while for its STATE. */
  isDue: boolean;
  /** Whether anything came since then that needs a FLUSH. */
  isOpen: boolean;
}

/** The newest STATE and what came after it. */
interface Standing {
  state: State | undefined;
  /** Whether messages came after it that it does not cover. */
  isPassed: boolean;
  /** Whether the last FLUSH was not a checkpoint, for a target that commits at checkpoints only. */
  isOwed: boolean;
}

/**
 * Converts the messages of a source to those of a target: consumes STATE, and inserts a FLUSH by rows, bytes or age (also while the source is idle), before the schema
 * of a stream changes, before ACTIVATE_VERSION, when the signal aborts, and at the end. A FLUSH carries the newest STATE before it. A STATE without rows causes a FLUSH only by age, or at
 * once when a checkpoint is owed: a log without changes still advances, and its server waits for confirmation. Without any message there is no FLUSH.
 */
export async function* checkpoints(
  messages: AsyncIterable<SourceMessage>,
  { limits, hasRecover, signal }: CheckpointOptions,
): AsyncGenerator<TargetMessage> {
  const input = timedIterator(messages);
  const schemas = new Map<string, SchemaMessage>();
  const unflushed: Unflushed = { rows: 0, bytes: 0, firstAt: 0, isDue: false, isOpen: false };
  const standing: Standing = { state: undefined, isPassed: true, isOwed: false };
  let isSignalSeen = signal === undefined;

  const flush = (): FlushMessage => {
    Object.assign(unflushed, { rows: 0, bytes: 0, isDue: false, isOpen: false });
    const isCheckpoint = !standing.isPassed;
    standing.isOwed = hasRecover && !isCheckpoint;
    return { type: 'FLUSH', state: standing.state, isCheckpoint };
  };

  try {
    for (;;) {
      const next = await input.next({ milliseconds: timeout(unflushed, limits, isSignalSeen) });
      const isAged = unflushed.isOpen && Date.now() >= agesAt(unflushed, limits);
      if (!isSignalSeen && signal?.aborted === true) {
        isSignalSeen = true;
        unflushed.isDue = unflushed.rows > 0;
      }
      if (next?.done === true) break;
      const message = next?.value;
      if (message?.type === 'STATE') {
        Object.assign(standing, { state: message.value, isPassed: false });
        open(unflushed);
        if (standing.isOwed) yield flush();
      }
      const mustFlush = unflushed.isDue || mustFlushBefore(message, schemas);
      if (isAged || (unflushed.rows > 0 && mustFlush)) yield flush();
      if (message === undefined || message.type === 'STATE') continue;
      if (message.type === 'SCHEMA') schemas.set(message.stream, message);
      else {
        open(unflushed);
        standing.isPassed = true;
      }
      if (message.type === 'RECORDS') count(unflushed, message, limits);
      yield message;
    }
    if (unflushed.isOpen) yield flush();
  } finally {
    await input.return();
  }
}

function open(unflushed: Unflushed): void {
  if (!unflushed.isOpen) unflushed.firstAt = Date.now();
  unflushed.isOpen = true;
}

/** Milliseconds after which a FLUSH may be due although no message came. */
function timeout(unflushed: Unflushed, limits: FlushLimits, isSignalSeen: boolean): number {
  const waits = [Number.POSITIVE_INFINITY];
  if (unflushed.isOpen) waits.push(agesAt(unflushed, limits) - Date.now());
  if (unflushed.rows > 0 && unflushed.isDue) waits.push(stateGrace);
  if (!isSignalSeen) waits.push(signalPoll);
  return Math.min(...waits);
}

function agesAt({ firstAt }: Unflushed, { age }: FlushLimits): number {
  return firstAt + age * 1000;
}

function count(unflushed: Unflushed, message: RecordsMessage, limits: FlushLimits): void {
  if (unflushed.rows === 0) unflushed.firstAt = Date.now();
  unflushed.rows += message.count;
  unflushed.bytes += message.bytes;
  unflushed.isDue = unflushed.rows >= limits.rows || unflushed.bytes >= limits.bytes;
}

function mustFlushBefore(message: SourceMessage | undefined, schemas: ReadonlyMap<string, SchemaMessage>): boolean {
  if (message?.type === 'ACTIVATE_VERSION') return true;
  if (message?.type !== 'SCHEMA') return false;
  const known = schemas.get(message.stream);
  return known !== undefined && !isDeepStrictEqual(known, message);
}
