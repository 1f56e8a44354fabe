import { describe, test } from 'vitest';
import { type Check, NotRunnable, orReason, runCheck } from './check.ts';
import type { ConnectorContext } from './context.ts';
import { integrationChecks } from './integration/integration-checks.ts';
import { integrationContext } from './integration/integration-context.ts';
import type { IntegrationTestOptions, SourceTestOptions, TargetTestOptions } from './options.ts';
import { sourceChecks } from './source/source-checks.ts';
import { sourceContext } from './source/source-context.ts';
import { stateStoreChecks } from './state/state-store-checks.ts';
import { type StateStoreTestOptions, stateStoreContext } from './state/state-store-context.ts';
import { targetChecks } from './target/target-checks.ts';
import { targetContext } from './target/target-context.ts';

/** A check takes longer than this only when something hangs. */
const timeout = 120_000;

/**
 * Defines the conformance tests of a source, one vitest test for each rule. Call it at the top of a test file:
 * `testSource({ connector: AcmeSource, config: { … }, packageFolder: new URL('..', import.meta.url) })`.
 */
export function testSource(options: SourceTestOptions): void {
  runConnectorChecks(sourceChecks, sourceContext(options), options.skip);
}

/**
 * Defines the conformance tests of a target, one vitest test for each rule. Call it at the top of a test file:
 * `testTarget({ connector: AcmeTarget, config: { … }, readBack: async (stream) => [ … ], packageFolder: new URL('..', import.meta.url) })`.
 */
export function testTarget(options: TargetTestOptions): void {
  runConnectorChecks(targetChecks, targetContext(options), options.skip);
}

/**
 * Defines the conformance tests of an integration, one vitest test for each rule. Call it at the top of a test file:
 * `testIntegration({ connector: Acme, config: { … }, calls: { send: { text: 'hello' } }, packageFolder: new URL('..', import.meta.url) })`.
 */
export function testIntegration(options: IntegrationTestOptions): void {
  runConnectorChecks(integrationChecks, integrationContext(options), options.skip);
}

/**
 * Defines the tests of a state store, one vitest test for each rule, for a host with its own storage. Call it at the top of a test file:
 * `testStateStore({ name: 'Acme', open: async () => openStore(randomUUID()), reopen: async (crashed) => … })`.
 */
export function testStateStore(options: StateStoreTestOptions): void {
  runChecks(`conformance of ${options.name}`, stateStoreChecks, stateStoreContext(options), options.skip);
}

function runConnectorChecks<Context extends ConnectorContext>(
  checks: readonly Check<Context>[],
  context: Context,
  skipped?: Readonly<Record<number, string>>,
): void {
  runChecks(`conformance of ${context.connector.packageName}`, checks, context, skipped);
}

/** Defines one vitest test for each check. A skipped check shows the reason in the report and on the console. */
function runChecks<Context>(
  name: string,
  checks: readonly Check<Context>[],
  context: Context,
  skipped: Readonly<Record<number, string>> = {},
): void {
  checkSkips(checks, skipped);
  describe(name, () => {
    for (const check of checks) {
      test(`${check.number} ${check.title}`, { timeout }, async ({ skip }) => {
        const reason = await runOrSkip(check, context, skipped);
        if (reason !== undefined) skip(reason);
      });
    }
  });
}

/** Runs a check, or prints and returns the reason why it is skipped. Throws its finding. */
export async function runOrSkip<Context>(
  check: Check<Context>,
  context: Context,
  skipped: Readonly<Record<number, string>>,
): Promise<string | undefined> {
  const outcome = await orReason(async () => {
    const reason = skipped[check.number];
    if (reason !== undefined) throw new NotRunnable(reason);
    await runCheck(check, context);
  });
  if ('value' in outcome) return undefined;
  console.info(`skipped ${check.number} ${check.title}: ${outcome.reason}`);
  return outcome.reason;
}

function checkSkips(checks: readonly Check<never>[], skipped: Readonly<Record<number, string>>): void {
  for (const [number, reason] of Object.entries(skipped)) {
    if (!checks.some((check) => check.number === Number(number))) throw new Error(`skip: there is no check ${number}`);
    if (reason.trim() === '') throw new Error(`skip: check ${number} is skipped without a reason`);
  }
}
