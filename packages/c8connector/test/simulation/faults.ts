import { ConnectionError, DataError } from '../../src/index.ts';
import type { Fault } from './effects.ts';
import type { Host } from './host.ts';
import type { Random } from './random.ts';

/** Probabilities at each effect. */
export interface FaultRates {
  readonly kill: number;
  readonly error: number;
  readonly pause: number;
  /** Effects, by the first word of their name, at which a host is often paused. */
  readonly pausesAt: string;
  /** How often an effect, or its answer, takes much longer than others; more often at these effects. */
  readonly delay: number;
  readonly delaysAt: string;
  readonly stop: number;
}

/** Steps of a delay at most. */
const longestDelay = 100;
/** How much more often a host is paused, and how much more often it is slow, at the effects that were drawn for it. */
const focusOfPause = 10;
const focusOfDelay = 30;

/** Draws what goes wrong. */
export function faultsOf(random: Random, rates: FaultRates): (host: Host, name: string) => Fault | undefined {
  const focusAt = (moment: string, name: string, focus: number): number => (name.split(' ')[0] === moment ? focus : 1);
  return (_host, name) => {
    const when = random.pick(['before', 'after'] as const);
    if (random.chance(rates.kill)) return { kind: 'kill', when };
    if (random.chance(rates.error)) return { kind: 'error', when, error: errorOf(random) };
    if (random.chance(rates.pause * focusAt(rates.pausesAt, name, focusOfPause))) return { kind: 'pause' };
    if (random.chance(rates.delay * focusAt(rates.delaysAt, name, focusOfDelay)))
      return { kind: 'delay', when, steps: random.below(longestDelay) };
    if (random.chance(rates.stop)) return { kind: 'stop' };
    return undefined;
  };
}

function errorOf(random: Random): Error {
  if (random.chance(0.7))
    return new ConnectionError('the connection was lost', { code: 'connection_lost', isRetryable: true });
  if (random.chance(0.5)) return new ConnectionError('the server refuses', { code: 'connection_lost' });
  return new DataError('the answer makes no sense', { code: 'answer_unreadable' });
}
