import { isDeepStrictEqual } from 'node:util';
import { timedIterator } from '../deadline.ts';
import type { FlushLimits } from '../interface/connector.ts';
import type { SchemaMessage, SourceMessage, TargetMessage } from '../interface/messages.ts';
import type { State } from '../interface/state.ts';

/** How long a due FLUSH waits for the STATE that usually follows its records. */
const stateGrace = 500;
/** How often an idle input looks whether a signal came. */
const signalPoll = 200;

/**
 * Makes the messages of a source fit for a target: swallows STATE, and puts in a FLUSH by rows, bytes or age (also while the source is idle), before the schema
 * of a stream changes, before ACTIVATE_VERSION, when `signal` aborts, and at the end. A FLUSH carries the newest STATE before it. A STATE alone
 * forces no FLUSH before the end, and without any message there is none.
 */
export async function* checkpoints(
  messages: AsyncIterable<SourceMessage>,
  limits: FlushLimits,
  signal?: AbortSignal,
): AsyncGenerator<TargetMessage> {
  const input = timedIterator(messages);
  const schemas = new Map<string, SchemaMessage>();
  let state: State | undefined;
  let isOpen = false;
  let rows = 0;
  let bytes = 0;
  let firstAt = 0;
  let isDue = false;
  let isSignalSeen = false;

  const flush = (): TargetMessage => {
    rows = 0;
    bytes = 0;
    isDue = false;
    isOpen = false;
    return { type: 'FLUSH', state };
  };
  const timeout = (): number => {
    const waits = [Number.POSITIVE_INFINITY];
    if (rows > 0) waits.push(firstAt + limits.age * 1000 - Date.now());
    if (rows > 0 && isDue) waits.push(stateGrace);
    if (signal !== undefined && !isSignalSeen) waits.push(signalPoll);
    return Math.min(...waits);
  };

  try {
    for (;;) {
      const next = await input.next({ milliseconds: timeout() });
      const isAged = rows > 0 && Date.now() >= firstAt + limits.age * 1000;
      if (signal?.aborted === true && !isSignalSeen) {
        isSignalSeen = true;
        isDue = rows > 0;
      }
      if (next === undefined) {
        if (rows > 0 && (isDue || isAged)) yield flush();
        continue;
      }
      if (next.done === true) break;
      const message = next.value;
      if (message.type === 'STATE') {
        state = message.value;
        isOpen = true;
        if (rows > 0 && (isDue || isAged)) yield flush();
        continue;
      }
      if (rows > 0 && (isDue || isAged || mustFlushBefore(message, schemas))) yield flush();
      if (message.type === 'SCHEMA') schemas.set(message.stream, message);
      if (message.type === 'RECORDS') {
        if (rows === 0) firstAt = Date.now();
        rows += message.count;
        bytes += message.bytes;
        isDue = rows >= limits.rows || bytes >= limits.bytes;
      }
      if (message.type !== 'SCHEMA') isOpen = true;
      yield message;
    }
    if (isOpen) yield flush();
  } finally {
    await input.return();
  }
}

function mustFlushBefore(message: SourceMessage, schemas: ReadonlyMap<string, SchemaMessage>): boolean {
  if (message.type === 'ACTIVATE_VERSION') return true;
  if (message.type !== 'SCHEMA') return false;
  const known = schemas.get(message.stream);
  return known !== undefined && !isDeepStrictEqual(known, message);
}
