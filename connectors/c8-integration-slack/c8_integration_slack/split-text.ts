import { type Code, type Markup, plain } from './markup.ts';

/**
 * Splits text into parts of at most `limit` UTF-16 units, which must be two or more. Slack counts characters, and a text never has more of those than units. Together the parts show the same text.
 * A part ends after a line if one ends in its second half, otherwise after a word. It never ends within a grapheme or within what the markup keeps whole, unless that is longer than a part. Code that is
 * split is closed at the end of the one part and opened again in the next.
 */
export function splitText(text: string, limit: number, markup: Markup = plain): string[] {
  if (text.length <= limit) return [text];
  // Code whose marks would fill nearly a whole part is split as plain text.
  const all = markup.codesOf(text).filter(({ opener, closer }) => opener.length + closer.length + 10 <= limit);
  const parts: string[] = [];
  // Shared, since creating a segmenter takes as long as splitting off several parts.
  const segmenter = new Intl.Segmenter();
  let start = 0;
  let prefix = '';
  let passed = 0;
  while (prefix.length + text.length - start > limit) {
    while ((all[passed]?.to ?? Number.POSITIVE_INFINITY) <= start) passed += 1;
    const end = start + limit - prefix.length;
    const codes = codesBefore(end, all, passed);
    const window = windowOf({ text, start, end, codes }, atomsOf({ text, start, limit, codes }, markup));
    const position = endOfPart(window, segmenter);
    const code = codeAt(window, position);
    parts.push(prefix + text.slice(start, position) + closerAt(window, position));
    prefix = code?.opener ?? '';
    start = position;
  }
  parts.push(prefix + text.slice(start));
  return parts;
}

/** Where a part begins, how far it may reach, and the code and atom at each position between. */
interface Window {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly codes: readonly Code[];
  /** By the distance from `start`: the index of the code that contains the position, or -1. */
  readonly codeOf: Int32Array;
  /** By the distance from `start`: where the atom that contains the position begins, or -1. */
  readonly atomOf: Int32Array;
}

function windowOf(given: Pick<Window, 'text' | 'start' | 'end' | 'codes'>, atoms: readonly Atom[]): Window {
  const { start, end, codes } = given;
  const codeOf = new Int32Array(end - start + 1).fill(-1);
  const atomOf = new Int32Array(end - start + 1).fill(-1);
  const inside = ({ from, to }: Atom): [number, number] => [Math.max(0, from + 1 - start), Math.max(0, to - start)];
  for (const [index, { contentFrom, contentTo }] of codes.entries())
    codeOf.fill(index, ...inside({ from: contentFrom, to: contentTo }));
  for (const atom of atoms) atomOf.fill(atom.from, ...inside(atom));
  return { ...given, codeOf, atomOf };
}

/** Text that is kept whole: no part ends after `from` and before `to`. */
interface Atom {
  readonly from: number;
  readonly to: number;
}

/** Where the part ends, at least one character after `start`. */
function endOfPart(window: Window, segmenter: Intl.Segmenter): number {
  const { text, start, end, codes } = window;
  const blockStarts = new Set(codes.flatMap(({ isBlock, from }) => (isBlock ? [from] : [])));
  const endsLine = (position: number) => text[position - 1] === '\n';
  const preferences = [
    (position: number) => (endsLine(position) || blockStarts.has(position)) && codeAt(window, position) === undefined,
    endsLine,
    (position: number) => text[position - 1] === ' ',
  ];
  for (const isPreferred of preferences) {
    for (let position = end; position > (start + end) / 2; position--) {
      if (isPreferred(position) && isSafe(window, position)) return position;
    }
  }
  return characterBefore(window, segmenter) ?? forcedEnd(window);
}

function isSafe(window: Window, position: number): boolean {
  return position + closerAt(window, position).length <= window.end && atomAt(window, position) === undefined;
}

/** The last position in the window that splits no grapheme and no atom. */
function characterBefore(window: Window, segmenter: Intl.Segmenter): number | undefined {
  const { text, start, end } = window;
  const characters = segmenter.segment(text.slice(start, 2 * end - start));
  let position = end;
  while (position > start) {
    const boundary = start + (characters.containing(position - start)?.index ?? position - start);
    const closed = Math.min(boundary, end - closerAt(window, boundary).length);
    const outside = atomAt(window, closed) ?? closed;
    if (outside === position) return position;
    position = outside;
  }
  return undefined;
}

/** Where the part ends if there is no such position, since something in it is longer than a part. */
function forcedEnd({ text, start, end, codes }: Window): number {
  const code = codes.find(({ from, to }) => from < end && end < to);
  const last = code === undefined ? end : Math.min(code.contentTo - 1, end - code.closer.length - 1);
  const position = code !== undefined && last <= code.contentFrom ? code.from : last;
  const isInPair = (text.codePointAt(position - 1) ?? 0) > 0xffff;
  return Math.max(start + 1, isInPair ? position - 1 : position);
}

function codeAt({ start, codes, codeOf }: Window, position: number): Code | undefined {
  return codes[codeOf[position - start] ?? -1];
}

function closerAt(window: Window, position: number): string {
  const code = codeAt(window, position);
  if (code === undefined) return '';
  return code.closesOnOwnLine && window.text[position - 1] !== '\n' ? `\n${code.closer}` : code.closer;
}

/** Where the atom that contains a position begins; undefined if there is none. */
function atomAt({ start, atomOf }: Window, position: number): number | undefined {
  const from = atomOf[position - start] ?? -1;
  return from < 0 ? undefined : from;
}

function codesBefore(end: number, all: readonly Code[], first: number): Code[] {
  const codes: Code[] = [];
  for (let index = first; index < all.length; index += 1) {
    const code = all[index];
    if (code === undefined || code.from > end) break;
    codes.push(code);
  }
  return codes;
}

interface Surroundings {
  readonly text: string;
  readonly start: number;
  readonly limit: number;
  readonly codes: readonly Code[];
}

function atomsOf(around: Surroundings, markup: Markup): Atom[] {
  const { limit, codes, text } = around;
  return [...atomsOfMarkup(around, markup), ...codes.flatMap((code) => atomsOfCode(code, limit, text))];
}

/** The atoms that fit into a part. In code only entities and links count, and no atom that begins in code may end outside it. */
function atomsOfMarkup({ text, start, limit, codes }: Surroundings, { atoms }: Markup): Atom[] {
  const found = [...text.slice(start, start + 2 * limit).matchAll(atoms)]
    .map(({ index, 0: atom }) => ({ from: start + index, to: start + index + atom.length }))
    .filter(({ from, to }) => to - from <= limit);
  let passed = 0;
  return found.filter((atom) => {
    while ((codes[passed]?.to ?? Number.POSITIVE_INFINITY) <= atom.from) passed += 1;
    for (let index = passed; index < codes.length; index += 1) {
      const code = codes[index];
      if (code === undefined || code.from >= atom.to) return true;
      const isWithin = code.contentFrom <= atom.from && atom.to <= code.contentTo && /[&<]/.test(text[atom.from] ?? '');
      const isAround = atom.from <= code.from && code.to <= atom.to;
      if (!isWithin && !isAround) return false;
    }
    return true;
  });
}

/** The marks of code, each with one character of the code, since Slack shows the marks of an empty block as text. Inline code is kept whole if it fits into a part. */
function atomsOfCode({ from, contentFrom, contentTo, to, isBlock }: Code, limit: number, text: string): Atom[] {
  if (!isBlock && to - from <= limit) return [{ from, to }];
  const ticks = [...text.slice(contentFrom, contentTo).matchAll(/`+/g)].map(({ index, 0: run }) => ({
    // The mark of a part that ended here would merge with these backticks.
    from: contentFrom + index - 1,
    to: contentFrom + index + run.length + 1,
  }));
  return [{ from, to: contentFrom + 1 }, { from: contentTo - 1, to }, ...ticks];
}
