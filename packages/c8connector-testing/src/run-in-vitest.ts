import { describe, test } from 'vitest';
import { type Check, NotRunnable, runCheck } from './check.ts';

/** A check takes longer than this only when something hangs. */
const timeout = 120_000;

/** Makes one vitest test of each check. What is skipped says why, in the report and on the console. */
export function runInVitest<Context>(
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
  const reason = skipped[check.number] ?? (await reasonAgainst(check, context));
  if (reason !== undefined) console.info(`skipped ${check.number} ${check.title}: ${reason}`);
  return reason;
}

async function reasonAgainst<Context>(check: Check<Context>, context: Context): Promise<string | undefined> {
  try {
    await runCheck(check, context);
    return undefined;
  } catch (error) {
    if (error instanceof NotRunnable) return error.message;
    throw error;
  }
}

function checkSkips(checks: readonly Check<never>[], skipped: Readonly<Record<number, string>>): void {
  for (const [number, reason] of Object.entries(skipped)) {
    if (!checks.some((check) => check.number === Number(number))) throw new Error(`skip: there is no check ${number}`);
    if (reason.trim() === '') throw new Error(`skip: check ${number} is skipped without a reason`);
  }
}
