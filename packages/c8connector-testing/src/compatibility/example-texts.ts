import { wholePattern } from 'c8connector';

/** A fixed seed gives the same examples each time, on every machine. */
const seed = 1;
const mostLetters = 2000;

/** How many examples are made with one way of repeating parts. `to` is undefined for a part without an upper bound. */
interface Repetition {
  readonly examples: number;
  readonly quantifier: (from: number, to: number | undefined) => string;
}

/** These include the bounds themselves, since they are what a change moves. */
const repetitions: readonly Repetition[] = [
  { examples: 1000, quantifier: (from, to) => `{${from},${to ?? from + 6}}` },
  { examples: 50, quantifier: (from) => `{${from}}` },
  { examples: 50, quantifier: (from, to) => `{${to ?? from + 6}}` },
];
/** Only for patterns without repeated groups, which would multiply the repetitions. */
const longRepetition: Repetition = { examples: 50, quantifier: (from, to) => `{${from},${to ?? from + 300}}` };

/**
 * Up to 1150 texts that match a regular expression as a whole, always the same for one expression; with at most 2000 letters each, and none empty. Undefined when none can be made, for example
 * for a pattern with a back reference. Loads fast-check.
 */
export async function exampleTexts(pattern: string): Promise<readonly string[] | undefined> {
  const { sample, stringMatching } = await import('fast-check');
  const whole = wholeExpression(pattern);
  if (whole === undefined || hasEndlessClass(pattern)) return undefined;
  const all = /\)[*+{]/.test(pattern) ? repetitions : [...repetitions, longRepetition];
  // A pattern without repetitions is the same for all of them.
  const easier = new Map(all.toReversed().map((way) => [withoutAssertions(pattern, way.quantifier), way.examples]));
  const texts = [...easier].flatMap(([source, examples]) => {
    try {
      const arbitrary = stringMatching(new RegExp(wholePattern(source), 'u'), { size: 'max', maxLength: mostLetters });
      return sample(arbitrary, { seed, numRuns: examples });
    } catch {
      // fast-check throws when it does not support a part of the pattern, and when no text is short enough.
      return [];
    }
  });
  const good = [...new Set(texts)].filter((text) => text !== '' && whole.test(text));
  return good.length === 0 ? undefined : good;
}

function wholeExpression(pattern: string): RegExp | undefined {
  try {
    return new RegExp(wholePattern(pattern), 'u');
  } catch {
    return undefined;
  }
}

/** Whether fast-check would never end: for a negated class such as `[^/]` it draws printable ASCII characters until one matches. */
function hasEndlessClass(pattern: string): boolean {
  const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
  const negated = [...pattern.matchAll(/\\.|(\[\^(?:\\.|[^\]\\])*\])/gsu)].flatMap(([, text]) => text ?? []);
  return negated.some((text) => !printable.some((sign) => new RegExp(text, 'u').test(sign)));
}

/** An escape, a class, the beginning of an assertion or of another group with a sign, a quantifier, or any other character. */
const parts =
  /\\.|\[(?:\\.|[^\]\\])*\]|(?<assertion>\(\?<?[=!])|\(\?(?::|<[^>]+>)|(?<quantifier>(?:[*+?]|\{\d+(?:,\d*)?\})\??)|./gsu;

/**
 * The pattern without lookarounds and word boundaries, which fast-check does not support. They only narrow what the rest matches, so the examples for the rest can be filtered.
 */
function withoutAssertions(pattern: string, quantifier: Repetition['quantifier']): string {
  let kept = '';
  let depth = 0;
  let assertionAt: number | undefined;
  for (const { 0: part, groups = {} } of pattern.matchAll(parts)) {
    if (part.startsWith('(')) depth += 1;
    if (groups.assertion !== undefined) assertionAt ??= depth;
    if (assertionAt === undefined && part !== '\\b' && part !== '\\B')
      kept += groups.quantifier === undefined ? part : quantifier(...boundsOf(part));
    if (part !== ')') continue;
    if (assertionAt === depth) assertionAt = undefined;
    depth -= 1;
  }
  return kept;
}

function boundsOf(quantifier: string): readonly [from: number, to: number | undefined] {
  if (quantifier.startsWith('*')) return [0, undefined];
  if (quantifier.startsWith('+')) return [1, undefined];
  if (quantifier.startsWith('?')) return [0, 1];
  const [, from = '0', comma, to = ''] = /^\{(\d+)(,)?(\d*)\}/.exec(quantifier) ?? [];
  if (comma === undefined) return [Number(from), Number(from)];
  return [Number(from), to === '' ? undefined : Number(to)];
}
