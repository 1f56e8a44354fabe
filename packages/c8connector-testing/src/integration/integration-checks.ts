import type { Check } from '../check.ts';
import { interfaceChecks } from '../interface/interface-checks.ts';
import { examples, inputProperties, listedInputs } from './action-inputs.ts';
import { oncePerRow, resumedRun } from './action-rows.ts';
import { actions, describedActions, validOutputSchemas } from './actions.ts';
import { escapedText } from './escaped-text.ts';
import { abortedCalls, goodOutputs } from './good-calls.ts';
import type { IntegrationContext } from './integration-context.ts';
import { integrationProgram } from './integration-program.ts';
import { badInputs, unknownAction, wrongSecrets } from './refused-calls.ts';
import { integrationSecrets } from './secrets-of-integration.ts';
import { failingService, nonsenseAnswers, slowAnswers } from './spoilt-answers.ts';
import { unchangedService } from './unchanged-service.ts';

/** The checks of every integration, in the order of their numbers. */
export const integrationChecks: readonly Check<IntegrationContext>[] = [
  ...interfaceChecks,
  unchangedService,
  integrationSecrets,
  actions,
  validOutputSchemas,
  integrationProgram,
  describedActions,
  inputProperties,
  examples,
  listedInputs,
  unknownAction,
  badInputs,
  goodOutputs,
  wrongSecrets,
  abortedCalls,
  escapedText,
  oncePerRow,
  resumedRun,
  nonsenseAnswers,
  failingService,
  slowAnswers,
];
