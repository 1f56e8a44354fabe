import type { FlushMessage, State, TargetConnector, TargetMessage, WriteRequest } from 'c8connector';

/** A target whose process may die, and wake up later as if it had only been paused. */
export interface Mortal {
  readonly target: TargetConnector;
  isDead(): boolean;
  /** Where it died, for people: `before RECORDS`. */
  when(): string;
  /** Continues where it died, with one more FLUSH that requests a commit. Rejects as `write` does. */
  wake(): Promise<void>;
}

/** Small enough for several commits. */
const flush = { rows: 3, bytes: 4_000_000, age: 60 };

/**
 * The target with small FLUSHes, which dies at the moment of this number: before it receives a message, between its commit and its acknowledgement, or after that. Without a number it does not die. A dead target receives
 * nothing more, its caller sees that it was killed, and nothing of it is cleaned up.
 */
export function mortal(target: TargetConnector, moment = Number.POSITIVE_INFINITY): Mortal {
  let moments = 0;
  let when: string | undefined;
  let goOn: () => Promise<void> = async () => undefined;
  const dies = (where: string): boolean => {
    moments += 1;
    if (when === undefined && moments === moment) when = where;
    return when !== undefined;
  };

  async function* write(messages: AsyncIterable<TargetMessage>, request: WriteRequest) {
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let kill = (): void => undefined;
    const killed = new Promise<never>((_, reject) => {
      kill = () => reject(new Error('killed'));
    });
    killed.catch(() => undefined);
    const inner = target
      .write(
        input(messages, dies, () => kill(), woken),
        request,
      )
      [Symbol.asyncIterator]();
    const die = (): Error => {
      goOn = async () => {
        wake();
        for (let next = await inner.next(); next.done !== true; next = await inner.next());
      };
      return new Error('killed');
    };
    for (;;) {
      const asked = inner.next();
      asked.catch(() => undefined);
      const next = await Promise.race([asked, killed]).catch((error: unknown) => {
        throw when === undefined ? error : die();
      });
      if (next.done === true) return;
      if (dies('between a commit and its acknowledgement')) throw die();
      yield next.value;
      if (dies('after an acknowledgement')) throw die();
    }
  }

  const { name, packageName, version, type, description, logo, config, capabilities, reservedKeys } = target;
  const members = { name, packageName, version, type, description, logo, config, capabilities, reservedKeys };
  const wrapped: TargetConnector = {
    ...members,
    validate: (...given) => target.validate(...given),
    samples: (...given) => target.samples(...given),
    schemas: (...given) => target.schemas(...given),
    accepts: (settings) => ({ ...target.accepts(settings), flush }),
    write,
    recover: async (request) => await target.recover?.(request),
  };
  return { target: wrapped, isDead: () => when !== undefined, when: () => when ?? 'never', wake: () => goOn() };
}

/** The target's input until its death; when it wakes up, the message that it was about to receive, and a FLUSH. */
async function* input(
  messages: AsyncIterable<TargetMessage>,
  dies: (where: string) => boolean,
  kill: () => void,
  woken: Promise<void>,
): AsyncGenerator<TargetMessage> {
  let last: State | undefined;
  for await (const message of messages) {
    const isDying = dies(`before ${message.type}`);
    if (message.type === 'FLUSH') last = message.state ?? last;
    if (!isDying) {
      yield message;
      continue;
    }
    kill();
    await woken;
    yield message;
    if (message.type !== 'FLUSH') yield { type: 'FLUSH', state: last, isCheckpoint: true } satisfies FlushMessage;
    return;
  }
}
