import type { Check } from '../check.ts';
import { forgotten, moved, refreshed, resumed } from './beginnings.ts';
import { endedGeneration, lateProcess, lostClaims, twoClaims } from './claims.ts';
import { allOrNone, gone, lenientAdopt } from './commits.ts';
import { damagedStore, durable, finished, newStore, plainStates, sourceStates } from './kept-states.ts';
import { survivingLedger, survivingStore } from './power-failures.ts';
import { risingEpochs, risingVersions } from './rising-numbers.ts';
import type { StateStoreContext } from './state-store-context.ts';

/** The checks of every state store, in the order of their numbers, which are separate from those of connectors. */
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
