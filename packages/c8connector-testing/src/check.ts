import { waitFor } from 'c8connector';

/** One rule of the conformance list. A check does not depend on the test runner, so any program can run it. */
export interface Check<Context> {
  /** Its number in the conformance list, which never changes. */
  readonly number: number;
  /** The rule as a sentence. */
  readonly title: string;
  /** Where an author should look when the rule is broken. */
  readonly where: string;
  /** Seconds after which {@link runCheck} gives up; 60 when left out. */
  readonly timeout?: number;
  /** Resolves when the connector follows the rule. Throws a {@link Finding} when it does not, and {@link NotRunnable} when that cannot be determined. */
  run(context: Context): Promise<void>;
}

/** Describes how a rule is broken. {@link runCheck} prefixes the message with the rule. */
export class Finding extends Error {
  override readonly name = 'Finding';
  readonly expected: string;
  readonly found: string;

  constructor(
    expected: string,
    found: string,
    options?: { readonly cause?: unknown; readonly heading?: string; readonly where?: string },
  ) {
    const lines = [
      ...(options?.heading === undefined ? [] : [options.heading]),
      `expected: ${expected}`,
      `found: ${found}`,
      ...(options?.where === undefined ? [] : [`look at: ${options.where}`]),
    ];
    super(lines.join('\n  '), options?.cause === undefined ? undefined : { cause: options.cause });
    // The stack inside the kit does not help the author.
    this.stack = `${this.name}: ${this.message}`;
    this.expected = expected;
    this.found = found;
  }
}

/** Thrown by a check that needs something that is missing; the message says what, and how to provide it. */
export class NotRunnable extends Error {
  override readonly name = 'NotRunnable';
}

/** The result of some work, or why it cannot be done here: the message of the {@link NotRunnable} that it threw. */
export async function orReason<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly value: T } | { readonly reason: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof NotRunnable)) throw error;
    return { reason: error.message };
  }
}

const defaultTimeout = 60;

/**
 * Runs one check. Everything that it throws, except {@link NotRunnable}, becomes a finding that names the rule, what was expected, what was found, and where to look. So does a check
 * that does not end within its time-out.
 */
export async function runCheck<Context>(check: Check<Context>, context: Context): Promise<void> {
  const description = { heading: `${check.number} ${check.title}`, where: check.where };
  try {
    await within(check.timeout ?? defaultTimeout, check.run(context));
  } catch (error) {
    if (error instanceof NotRunnable) throw error;
    if (error instanceof Finding)
      throw new Finding(error.expected, error.found, { ...description, cause: error.cause });
    throw new Finding('no error', errorText(error), { ...description, cause: error });
  }
}

async function within(seconds: number, work: Promise<void>): Promise<void> {
  const ended = await waitFor(work, { milliseconds: seconds * 1000 });
  if (ended === undefined) throw new Finding(`an end within ${seconds} s`, 'the connector was still at work');
}

/** A short description of an error: its class, code and message. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return `${shown(error)} was thrown, which is not an Error`;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `${error.name}${code}: ${error.message}`;
}

/** A value as text, in at most 200 characters. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : (JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${item}` : item)) ?? String(value));
  return shortened(text);
}

/** A text, cut when it is longer than `most` characters. */
export function shortened(text: string, most = 200): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
