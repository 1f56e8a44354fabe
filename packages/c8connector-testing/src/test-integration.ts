import { integrationChecks } from './integration/integration-checks.ts';
import { integrationContext } from './integration/integration-context.ts';
import type { IntegrationTestOptions } from './options.ts';
import { runInVitest } from './run-in-vitest.ts';

/**
 * The conformance tests of an integration, one vitest test a rule. Call it at the top of a test file:
 * `testIntegration({ connector: Acme, config: { … }, calls: { send: { text: 'hello' } }, packageFolder: new URL('..', import.meta.url) })`.
 */
export function testIntegration(options: IntegrationTestOptions): void {
  const context = integrationContext(options);
  runInVitest(`conformance of ${context.connector.packageName}`, integrationChecks, context, options.skip);
}
