import type { TargetTestOptions } from './options.ts';
import { runInVitest } from './run-in-vitest.ts';
import { targetChecks } from './target/target-checks.ts';
import { targetContext } from './target/target-context.ts';

/**
 * The conformance tests of a target, one vitest test a rule. Call it at the top of a test file:
 * `testTarget({ connector: AcmeTarget, config: { … }, readBack: async (stream) => [ … ], packageFolder: new URL('..', import.meta.url) })`.
 */
export function testTarget(options: TargetTestOptions): void {
  const context = targetContext(options);
  runInVitest(`conformance of ${context.connector.packageName}`, targetChecks, context, options.skip);
}
