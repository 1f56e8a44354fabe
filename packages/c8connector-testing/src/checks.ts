/** The rules that every connector and every state store must follow, as checks that any program can run. */
export { type Check, Finding, NotRunnable, runCheck } from './check.ts';
export { integrationChecks } from './integration/integration-checks.ts';
export { type IntegrationContext, integrationContext } from './integration/integration-context.ts';
export type { ConnectorMaker, IntegrationTestOptions, SourceTestOptions, TargetTestOptions } from './options.ts';
export {
  checkSingerProgram,
  type SingerFinding,
  type SingerProgram,
  type SingerResult,
} from './singer/check-program.ts';
export { splitCommand } from './singer/command.ts';
export type { ChangedRow, ChangesBackend } from './source/changes/changes-backend.ts';
export { sourceChecks } from './source/source-checks.ts';
export { type SourceContext, sourceContext } from './source/source-context.ts';
export { stateStoreChecks } from './state/state-store-checks.ts';
export {
  type StateStoreContext,
  type StateStoreTestOptions,
  type StoreClock,
  type StoreInFolder,
  type StoreUnderTest,
  stateStoreContext,
} from './state/state-store-context.ts';
export { targetChecks } from './target/target-checks.ts';
export { type TargetContext, targetContext } from './target/target-context.ts';
