import type { CallOptions, ValidationReport, ValidationStep } from '../interface/connector.ts';
import { isC8Error, ValidationError } from '../interface/errors.ts';

/** The result of a step: a text when it passed, or a warning. A failure is a thrown error. */
export type CheckResult = string | { readonly status: 'warning'; readonly message: string; readonly remedy?: string };

/** One step of `validate`. The runtime runs it, measures its duration, and makes a failed step of what it throws. */
export interface CheckStep {
  /** Stable, in snake case: `login`. */
  readonly id: string;
  /** For people: 'Log in'. */
  readonly label: string;
  /** The config property to blame when it fails; an error with `details.property` takes precedence. */
  readonly property?: string;
  run(): Promise<CheckResult> | CheckResult;
}

/**
 * Runs the steps one after another, and reports each through `options.onStep`. The first failure ends the check: it rejects with a ValidationError that carries the
 * report, and disposes of what the steps hold.
 */
export async function runChecks(
  connector: string,
  steps: AsyncIterable<CheckStep> | Iterable<CheckStep>,
  options: CallOptions = {},
): Promise<ValidationReport> {
  const done: ValidationStep[] = [];
  for await (const step of steps) {
    options.signal?.throwIfAborted();
    const outcome = await runStep(step);
    done.push(outcome.step);
    options.onStep?.(outcome.step);
    if (outcome.step.status === 'failed') {
      throw new ValidationError(`${connector}: ${step.label}: ${outcome.step.message}`, {
        code: isC8Error(outcome.error) ? outcome.error.code : 'unexpected',
        report: { ok: false, steps: done },
        cause: outcome.error,
        ...(outcome.step.remedy === undefined ? {} : { remedy: outcome.step.remedy }),
      });
    }
  }
  return { ok: true, steps: done };
}

async function runStep(step: CheckStep): Promise<{ step: ValidationStep; error?: unknown }> {
  const startedAt = performance.now();
  const heading = { id: step.id, label: step.label };
  const durationMs = () => Math.round(performance.now() - startedAt);
  try {
    const result = await step.run();
    const found = typeof result === 'string' ? { status: 'passed' as const, message: result } : result;
    return { step: { ...heading, ...found, durationMs: durationMs() } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = isC8Error(error) ? error.remedy : undefined;
    const blamed =
      isC8Error(error) && typeof error.details.property === 'string' ? error.details.property : step.property;
    return {
      error,
      step: {
        ...heading,
        status: 'failed',
        message,
        ...(remedy === undefined ? {} : { remedy }),
        ...(blamed === undefined ? {} : { property: blamed }),
        durationMs: durationMs(),
      },
    };
  }
}
