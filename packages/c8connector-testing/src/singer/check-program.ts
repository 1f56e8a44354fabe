import { ConfigError, isC8Error } from 'c8connector';
import { type Check, Finding, NotRunnable, runCheck } from '../check.ts';
import { unknownConfig } from './config-check.ts';
import { openContext, runLimit, type SingerContext } from './context.ts';
import { maskOfCommand } from './mask-of-command.ts';
import { deselectedColumns } from './tap-columns.ts';
import { tapContext } from './tap-context.ts';
import { discoveryChecks } from './tap-discovery.ts';
import { tapProgramChecks } from './tap-program.ts';
import { recordChecks } from './tap-records.ts';
import { stateChecks } from './tap-states.ts';
import { programCaseChecks } from './target-cases.ts';
import { targetProgramContext } from './target-context.ts';
import { targetStateChecks } from './target-states.ts';
import { typeByAbout, typeOfCommand } from './type-of-program.ts';

/** A Singer program, and options of its check. */
export interface SingerProgram {
  /** The command line as words; see {@link splitCommand}. */
  readonly command: readonly string[];
  /** When left out, taken from the name of the program, or else from the output of --about. */
  readonly type?: 'tap' | 'target' | undefined;
  /** Its working folder. */
  readonly folder: string;
  /** Only the checks of these numbers. */
  readonly only?: readonly number[] | undefined;
  /** The program is stopped when a stream has this many records; 150 when left out. */
  readonly recordCap?: number;
  /** Seconds that it may take to end after SIGTERM; 10 when left out. */
  readonly stopSeconds?: number;
  readonly signal: AbortSignal;
  /** Called with the type of the program before the first check. */
  readonly onType?: (type: 'tap' | 'target') => void;
}

/** The result of one check. Texts are masked. */
export interface SingerResult {
  readonly number: number;
  readonly title: string;
  /** `warned`: the program follows Singer's protocol, but breaks a rule of ours. */
  readonly status: 'passed' | 'warned' | 'failed' | 'skipped';
  readonly milliseconds: number;
  readonly findings: readonly SingerFinding[];
  /** Why it is skipped. */
  readonly reason?: string;
}

/** A rule that is broken. */
export interface SingerFinding {
  /** `error` breaks Singer's protocol, `warning` only a rule of ours. */
  readonly severity: 'error' | 'warning';
  readonly expected: string;
  readonly found: string;
  /** Where the author of the program should look. */
  readonly where: string;
}

/**
 * Checks a Singer program in any language against the protocol, and yields the result of each check as soon as it is known. Throws a ConfigError `call_invalid` when the type of the
 * program cannot be determined, when the program does not exist, or when `only` names an unknown check.
 */
export async function* checkSingerProgram(program: SingerProgram): AsyncGenerator<SingerResult> {
  const { command, folder, signal } = program;
  const mask = maskOfCommand(command, folder);
  let warnings: SingerFinding[] = [];
  let where = '';
  const warn = (expected: string, found: string): void => {
    warnings.push({ severity: 'warning', expected: mask(expected), found: mask(found), where });
  };
  const { recordCap = 150, stopSeconds = 10 } = program;
  await using context = await openContext({ command, folder, signal, warn, recordCap, stopSeconds });
  const type = program.type ?? typeOfCommand(command) ?? (await typeByAbout(context));
  program.onType?.(type);
  const checks = type === 'tap' ? tapChecks(context) : targetChecks(context);
  for (const check of chosen(checks, program.only)) {
    warnings = [];
    where = check.where;
    const started = performance.now();
    const outcome = await outcomeOf(check, mask);
    if (signal.aborted) return;
    const findings = [...('findings' in outcome ? outcome.findings : []), ...warnings];
    const status =
      'reason' in outcome
        ? 'skipped'
        : findings.some(({ severity }) => severity === 'error')
          ? 'failed'
          : findings.length > 0
            ? 'warned'
            : 'passed';
    yield {
      number: check.number,
      title: check.title,
      status,
      milliseconds: Math.round(performance.now() - started),
      findings,
      ...('reason' in outcome ? { reason: outcome.reason } : {}),
    };
  }
}

async function outcomeOf(
  check: Check<undefined>,
  mask: (text: string) => string,
): Promise<{ readonly findings: readonly SingerFinding[] } | { readonly reason: string }> {
  try {
    // Each run of the program has its own time-out; this one covers everything else.
    await runCheck({ timeout: 6 * runLimit, ...check }, undefined);
    return { findings: [] };
  } catch (error) {
    if (error instanceof NotRunnable) return { reason: mask(error.message) };
    if (!(error instanceof Finding)) throw error;
    if (isC8Error(error.cause) && error.cause.code === 'call_invalid') throw error.cause;
    const { expected, found } = error;
    return { findings: [{ severity: 'error', expected: mask(expected), found: mask(found), where: check.where }] };
  }
}

function tapChecks(context: SingerContext): readonly Check<undefined>[] {
  const tap = tapContext(context);
  const checks = [...discoveryChecks, ...recordChecks, deselectedColumns, ...stateChecks, ...tapProgramChecks].map(
    (check) => bound(check, tap),
  );
  return inOrder([...checks, bound(unknownConfig(['--discover']), context)]);
}

function targetChecks(context: SingerContext): readonly Check<undefined>[] {
  const target = targetProgramContext(context);
  const checks = [...programCaseChecks, ...targetStateChecks].map((check) => bound(check, target));
  return inOrder([...checks, bound(unknownConfig([]), context)]);
}

function inOrder(checks: readonly Check<undefined>[]): readonly Check<undefined>[] {
  return [...checks].sort((one, other) => one.number - other.number);
}

function bound<Context>(check: Check<Context>, context: Context): Check<undefined> {
  return { ...check, run: async () => await check.run(context) };
}

function chosen(checks: readonly Check<undefined>[], only: readonly number[] | undefined): readonly Check<undefined>[] {
  if (only === undefined) return checks;
  const unknown = only.find((number) => !checks.some((check) => check.number === number));
  if (unknown !== undefined) {
    const known = [...new Set(checks.map(({ number }) => number))].join(', ');
    throw new ConfigError(`--only: there is no check ${unknown} for this program; there are ${known}.`, {
      code: 'call_invalid',
    });
  }
  return checks.filter(({ number }) => only.includes(number));
}
