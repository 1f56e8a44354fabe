import type { SourceTestOptions } from './options.ts';
import { runInVitest } from './run-in-vitest.ts';
import { sourceChecks } from './source/source-checks.ts';
import { sourceContext } from './source/source-context.ts';

/**
 * The conformance tests of a source, one vitest test a rule. Call it at the top of a test file:
 * `testSource({ connector: AcmeSource, config: { … }, packageFolder: new URL('..', import.meta.url) })`.
 */
export function testSource(options: SourceTestOptions): void {
  const context = sourceContext(options);
  runInVitest(`conformance of ${context.connector.packageName}`, sourceChecks, context, options.skip);
}
