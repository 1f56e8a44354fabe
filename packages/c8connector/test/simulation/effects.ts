import { setImmediate as nextTurn } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Host } from './host.ts';
import type { Random } from './random.ts';

/** What goes wrong at one effect: before it, or after it, so that only its answer is lost. A delay is this many steps in which others go on. */
export type Fault =
  | { readonly kind: 'kill'; readonly when: 'before' | 'after' }
  | { readonly kind: 'error'; readonly when: 'before' | 'after'; readonly error: Error }
  | { readonly kind: 'delay'; readonly when: 'before' | 'after'; readonly steps: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'stop' };

/** Everything that hosts do to the world, one effect after the other, in an order that the seed decides. */
export interface Effects {
  /** Waits for its turn, and is then done at once. Rejects with `Killed` when the host is dead. */
  effect<T>(host: Host, name: string, act: () => T | Promise<T>): Promise<T>;
  /** Lets the hosts go on until `isOver`. Throws when none can, or when it takes more steps than anything sensible. */
  drive(isOver: () => boolean): Promise<void>;
  kill(host: Host): void;
  /** Each effect with what went wrong at it, in their order. */
  readonly log: readonly string[];
}

export interface EffectOptions {
  readonly random: Random;
  /** Called before each effect. */
  onStep(): void;
  faultAt(host: Host, name: string): Fault | undefined;
}

/** What the code of a dead host meets at each effect. */
class Killed extends Error {}

interface Parked {
  readonly host: Host;
  readonly name: string;
  readonly act: () => unknown;
  /** The step before which it waits for others. */
  readonly notBefore?: number;
  /** What went wrong before is not to go wrong again. */
  readonly isSpared?: true;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const mostSteps = 20_000;

export function effectsOf({ random, onStep, faultAt }: EffectOptions): Effects {
  let parked: Parked[] = [];
  let now = 0;
  const log: string[] = [];

  const kill = (host: Host): void => {
    host.isDead = true;
    for (const own of parked.filter((one) => one.host === host)) own.reject(new Killed());
    parked = parked.filter((one) => one.host !== host);
  };

  /** One whose delay is over; another one only when no moment can be waited for either. */
  function nextOf(ready: readonly Parked[]): Parked | undefined {
    const due = ready.filter(({ notBefore = 0 }) => notBefore <= now);
    const [first, ...others] = due.length > 0 || vi.getTimerCount() > 0 ? due : ready;
    return first === undefined ? undefined : random.pick([first, ...others]);
  }

  async function execute(next: Parked): Promise<void> {
    const { host, name, resolve, reject } = next;
    const fault = next.isSpared === true ? undefined : faultAt(host, name);
    const when = fault !== undefined && 'when' in fault ? fault.when : undefined;
    log.push(`${host.number} ${name}${fault === undefined ? '' : `: ${fault.kind} ${when ?? ''}`}`);
    if (fault?.kind === 'pause') {
      host.isPaused = true;
      parked.push(next);
      return;
    }
    if (fault?.kind === 'stop') host.stop.request();
    if (when === 'before') return fail(next, fault);
    try {
      const value = await next.act();
      if (when === 'after') fail({ ...next, act: () => value }, fault);
      else resolve(value);
    } catch (error) {
      reject(error);
    }
  }

  function fail(next: Parked, fault: Fault | undefined): void {
    if (fault?.kind === 'delay') {
      parked.push({ ...next, notBefore: now + fault.steps, isSpared: true });
      return;
    }
    if (fault?.kind === 'kill') kill(next.host);
    next.reject(fault?.kind === 'error' ? fault.error : new Killed());
  }

  return {
    log,
    kill,
    effect: <T>(host: Host, name: string, act: () => T | Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        if (host.isDead) reject(new Killed());
        else parked.push({ host, name, act, resolve: resolve as (value: unknown) => void, reject });
      }),
    async drive(isOver) {
      for (let step = 0; step < mostSteps; step++) {
        await nextTurn();
        if (isOver()) return;
        const next = nextOf(parked.filter(({ host }) => !host.isPaused));
        now += 1;
        if (next !== undefined) {
          parked = parked.filter((one) => one !== next);
          onStep();
          void execute(next);
        } else if (vi.getTimerCount() > 0) vi.advanceTimersToNextTimer();
        else throw new Error('stuck: no host has anything to do, and none waits for a moment');
      }
      throw new Error(`stuck: not over after ${mostSteps} effects`);
    },
  };
}
