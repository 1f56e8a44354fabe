import { durableStates } from './acknowledgement.ts';
import type { Check } from './check.ts';
import { interfaceChecks } from './interface-checks.ts';
import { targetSecrets } from './secrets-of-target.ts';
import { caseChecks } from './target-cases.ts';
import type { TargetContext } from './target-context.ts';
import { targetProgram } from './target-program.ts';

/** What every target must pass, in the order of the numbers. */
export const targetChecks: readonly Check<TargetContext>[] = [
  ...interfaceChecks,
  targetSecrets,
  targetProgram,
  ...caseChecks,
  durableStates,
];
