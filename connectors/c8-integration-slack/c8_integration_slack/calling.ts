import { createHash } from 'node:crypto';
import type { ActionContext } from 'c8connector';
import type { Calling } from './attempts.ts';
import type { SlackConfig } from './config.ts';
import { createLimits, type Limits } from './limits.ts';
import { type Way, wayOut } from './proxy.ts';

/** What a client is opened with: the context of an action, or of a check, which keeps nothing. */
export type ClientContext = Pick<ActionContext<SlackConfig, unknown>, 'config' | 'signal' | 'log'> &
  Partial<Pick<ActionContext<SlackConfig, unknown>, 'keep'>>;

/** One for all calls of a connector object, with its connections. */
export function wayOf({ keep }: ClientContext): Promise<Way> {
  return keep === undefined ? wayOut() : keep(newWay);
}

function newWay(): Promise<Way> {
  return wayOut();
}

/** A run can wait for a service to come back, but a check of a config should soon report that it does not answer. */
const attemptsOfRun = 5;
const attemptsOfCheck = 2;

/** What calls with one secret share; they are counted together. */
export function callingOf({ config, signal, log, keep }: ClientContext, secret: string): Calling {
  const limits: Limits = keep === undefined ? createLimits() : keep(createLimits);
  const owner = createHash('sha256').update(secret).digest('hex').slice(0, 16);
  const mostAttempts = keep === undefined ? attemptsOfCheck : attemptsOfRun;
  return { limits, owner, retryAmbiguous: config.retry_ambiguous, mostAttempts, signal, log };
}
