/** The conformance kit: the rules that every connector must keep, as vitest tests, and as checks that any program can run. */
export * from './checks.ts';
export { testIntegration, testSource, testTarget } from './run-in-vitest.ts';
