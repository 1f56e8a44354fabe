/** The conformance kit: the rules that every connector must keep, as vitest tests, and as checks that any program can run. */
export * from './checks.ts';
export { testIntegration } from './test-integration.ts';
export { testSource } from './test-source.ts';
export { testTarget } from './test-target.ts';
