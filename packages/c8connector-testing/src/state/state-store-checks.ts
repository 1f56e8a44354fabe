import type { Check } from '../check.ts';
import { forgotten, moved, refreshed, resumed } from './beginnings.ts';
import { endedGeneration, lateProcess, lostClaims, twoClaims } from './claims.ts';
import { allOrNone, gone, lenientAdopt } from './commits.ts';
import { damagedStore, durable, finished, newStore, plainStates, sourceStates } from './kept-states.ts';
import { survivingLedger, survivingStore } from './power-failures.ts';
import { risingEpochs, risingVersions } from './rising-numbers.ts';
import type { StateStoreContext } from './state-store-context.ts';

/** What every state store must pass, in the order of the numbers, which are its own. */
export const stateStoreChecks: readonly Check<StateStoreContext>[] = [
  newStore,
  lostClaims,
  twoClaims,
  endedGeneration,
  lateProcess,
  risingEpochs,
  risingVersions,
  allOrNone,
  lenientAdopt,
  gone,
  resumed,
  moved,
  refreshed,
  forgotten,
  plainStates,
  sourceStates,
  durable,
  finished,
  damagedStore,
  survivingStore,
  survivingLedger,
];
