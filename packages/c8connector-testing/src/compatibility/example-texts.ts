import { wholePattern } from 'c8connector';

/** The same examples each time, on every machine. */
const seed = 1;
const mostLetters = 2000;

/** How many examples are made with parts that are repeated in one way. `to` is undefined for a part without an upper bound. */
interface Repetition {
  readonly examples: number;
  readonly quantifier: (from: number, to: number | undefined) => string;
}

/** The bounds themselves are tried too, since they are what a change moves. */
const repetitions: readonly Repetition[] = [
  { examples: 1000, quantifier: (from, to) => `{${from},${to ?? from + 6}}` },
  { examples: 50, quantifier: (from) => `{${from}}` },
  { examples: 50, quantifier: (from, to) => `{${to ?? from + 6}}` },
];
/** For patterns in which no group is repeated, which multiplies. */
const longRepetition: Repetition = { examples: 50, quantifier: (from, to) => `{${from},${to ?? from + 300}}` };

/**
 * Up to 1150 texts that the whole of a regular expression matches, always the same for it; at most 2000 letters each, none empty. Undefined when none can be made: of a
 * pattern with a reference back, for instance. Loads fast-check.
 */
export async function exampleTexts(pattern: string): Promise<readonly string[] | undefined> {
  const { sample, stringMatching } = await import('fast-check');
  const whole = wholeExpression(pattern);
  if (whole === undefined || hasEndlessClass(pattern)) return undefined;
  const all = /\)[*+{]/.test(pattern) ? repetitions : [...repetitions, longRepetition];
  // A pattern in which nothing is repeated is the same in all ways.
  const easier = new Map(all.toReversed().map((way) => [withoutAssertions(pattern, way.quantifier), way.examples]));
  const texts = [...easier].flatMap(([source, examples]) => {
    try {
      const arbitrary = stringMatching(new RegExp(wholePattern(source), 'u'), { size: 'max', maxLength: mostLetters });
      return sample(arbitrary, { seed, numRuns: examples });
    } catch {
      // fast-check says so when it does not know a part of the pattern, and when no text is short enough.
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

/** Whether fast-check would look for ever: it draws printable characters of ASCII until one is outside of a negated class, such as `[^/]`. */
function hasEndlessClass(pattern: string): boolean {
  const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
  const negated = [...pattern.matchAll(/\\.|(\[\^(?:\\.|[^\]\\])*\])/gsu)].flatMap(([, text]) => text ?? []);
  return negated.some((text) => !printable.some((sign) => new RegExp(text, 'u').test(sign)));
}

/** An escape, a class, the beginning of an assertion or of another group with a sign, a quantifier, or any other character. */
const parts =
  /\\.|\[(?:\\.|[^\]\\])*\]|(?<assertion>\(\?<?[=!])|\(\?(?::|<[^>]+>)|(?<quantifier>(?:[*+?]|\{\d+(?:,\d*)?\})\??)|./gsu;

/**
 * The pattern without lookarounds and word boundaries, which fast-check does not know. They only narrow what the rest matches, so the examples of the rest can be tried one by one.
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
