import { type Check, NotRunnable } from '../check.ts';
import { checkSnapshot, unchanged } from '../interface/unchanged.ts';
import type { IntegrationContext } from './integration-context.ts';

/** 23 */
export const unchangedService: Check<IntegrationContext> = {
  ...unchanged,
  async run(context) {
    if (context.snapshot === undefined)
      throw new NotRunnable('it is not known what the service holds: give snapshot: () => all of it');
    await checkSnapshot(context);
  },
};
