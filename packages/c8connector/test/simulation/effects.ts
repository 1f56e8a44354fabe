import { setImmediate as nextTurn } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Host } from './host.ts';
import type { Random } from './random.ts';

/** What goes wrong at one effect: before it, or after it, so that only its answer is lost. */
export type Fault =
  | { readonly kind: 'kill'; readonly when: 'before' | 'after' }
  | { readonly kind: 'error'; readonly when: 'before' | 'after'; readonly error: Error }
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
  /** Effects, by the first word of their name, that mostly wait until there is nothing else to do. */
  readonly slow: readonly string[];
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
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const mostSteps = 20_000;

/** How often an effect that is slow waits for others. */
const waiting = 0.98;

export function effectsOf({ random, slow, onStep, faultAt }: EffectOptions): Effects {
  let parked: Parked[] = [];
  const log: string[] = [];

  const kill = (host: Host): void => {
    host.isDead = true;
    for (const own of parked.filter((one) => one.host === host)) own.reject(new Killed());
    parked = parked.filter((one) => one.host !== host);
  };

  function nextOf(ready: readonly Parked[]): Parked | undefined {
    const fast = ready.filter(({ name }) => !slow.includes(name.split(' ')[0] ?? ''));
    const [first, ...others] = fast.length > 0 && random.chance(waiting) ? fast : ready;
    return first === undefined ? undefined : random.pick([first, ...others]);
  }

  async function execute(next: Parked): Promise<void> {
    const { host, name, act, resolve, reject } = next;
    const fault = faultAt(host, name);
    log.push(
      fault === undefined
        ? `${host.number} ${name}`
        : `${host.number} ${name}: ${fault.kind} ${'when' in fault ? fault.when : ''}`,
    );
    if (fault?.kind === 'pause') {
      host.isPaused = true;
      parked.push(next);
      return;
    }
    if (fault?.kind === 'stop') host.stop.pull();
    const fail = (): void => {
      if (fault?.kind === 'kill') kill(host);
      reject(fault?.kind === 'error' ? fault.error : new Killed());
    };
    const isAnswered = fault === undefined || fault.kind === 'stop';
    if (!isAnswered && fault.when === 'before') return fail();
    try {
      const value = await act();
      if (isAnswered) resolve(value);
      else fail();
    } catch (error) {
      reject(error);
    }
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
