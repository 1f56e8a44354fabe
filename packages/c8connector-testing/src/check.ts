import { waitFor } from 'c8connector';

/** One rule of the conformance list. A check knows nothing of the test runner, so any program can run it. */
export interface Check<Context> {
  /** Its place in the conformance list; stays the same for ever. */
  readonly number: number;
  /** The rule as a sentence. */
  readonly title: string;
  /** Where an author should look when it is broken. */
  readonly where: string;
  /** Seconds after which {@link runCheck} gives up; 60 when left out. */
  readonly timeout?: number;
  /** Resolves when the connector follows the rule. Throws a {@link Finding} when it does not, and {@link NotRunnable} when that cannot be determined. */
  run(context: Context): Promise<void>;
}

/** What a broken rule looks like. {@link runCheck} puts the rule in front of it. */
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
    // The way through the kit says nothing about the connector.
    this.stack = `${this.name}: ${this.message}`;
    this.expected = expected;
    this.found = found;
  }
}

/** Thrown by a check that needs something that is not there; the message says what, and how to give it. */
export class NotRunnable extends Error {
  override readonly name = 'NotRunnable';
}

/** What some work gives, or why it cannot be done here: the message of the {@link NotRunnable} that it threw. */
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
 * Runs one check. Whatever it throws but {@link NotRunnable} becomes a finding that names the rule, what was expected, what was found, and where to look; a check
 * that does not end within its time-out is one, too.
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

/** An error in a few words: its class, code and message. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return `${shown(error)} was thrown, which is not an Error`;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `${error.name}${code}: ${error.message}`;
}

/** A value in at most 200 characters. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : (JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${item}` : item)) ?? String(value));
  return shortened(text);
}

/** The beginning of a text that is longer. */
export function shortened(text: string, most = 200): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
