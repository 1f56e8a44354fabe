/** The conformance kit: the rules that every connector and every state store must follow, as vitest tests, and as checks that any program can run. */
export * from './checks.ts';
export { testIntegration, testSource, testStateStore, testTarget } from './run-in-vitest.ts';
