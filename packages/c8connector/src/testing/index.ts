/** The conformance kit: the rules that every connector must keep, as checks and as vitest tests. */
export { type Check, Finding, NotRunnable, runCheck } from './check.ts';
export { integrationChecks } from './integration-checks.ts';
export { type IntegrationContext, integrationContext } from './integration-context.ts';
export type { ConnectorMaker, IntegrationTestOptions, SourceTestOptions, TargetTestOptions } from './options.ts';
export { sourceChecks } from './source-checks.ts';
export { type SourceContext, sourceContext } from './source-context.ts';
export { targetChecks } from './target-checks.ts';
export { type TargetContext, targetContext } from './target-context.ts';
export { testIntegration } from './test-integration.ts';
export { testSource } from './test-source.ts';
export { testTarget } from './test-target.ts';
