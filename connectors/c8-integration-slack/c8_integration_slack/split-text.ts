import { type Code, type Markup, plain } from './markup.ts';

/**
 * Splits text into parts of at most `limit` UTF-16 units, two at least, which are never fewer than the characters that Slack counts; together they show the text again. Parts end
 * after a line when one ends in their second half, else after a word. No part ends within a character that is made of several, or what the markup keeps whole, unless that is longer than
 * a part. Code that goes on in the next part is closed in the one and opened again in the other.
 */
export function splitText(text: string, limit: number, markup: Markup = plain): string[] {
  if (text.length <= limit) return [text];
  // Where marks take up nearly all of a part they do not help.
  const all = markup.codesOf(text).filter(({ opener, closer }) => opener.length + closer.length + 10 <= limit);
  const parts: string[] = [];
  // Making one takes as long as splitting off several parts.
  const segmenter = new Intl.Segmenter();
  let start = 0;
  let prefix = '';
  let passed = 0;
  while (prefix.length + text.length - start > limit) {
    while ((all[passed]?.to ?? Number.POSITIVE_INFINITY) <= start) passed += 1;
    const end = start + limit - prefix.length;
    const codes = codesBefore(end, all, passed);
    const window = windowOf({ text, start, end, codes }, atomsOf({ text, start, limit, codes }, markup));
    const place = placeIn(window, segmenter);
    const code = codeAt(window, place);
    parts.push(prefix + text.slice(start, place) + closerAt(window, place));
    prefix = code?.opener ?? '';
    start = place;
  }
  parts.push(prefix + text.slice(start));
  return parts;
}

/** Where a part begins, how far it may go, and what there is to heed at each place between. */
interface Window {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly codes: readonly Code[];
  /** By the distance from `start`: the index of the code that goes on there, or -1. */
  readonly codeOf: Int32Array;
  /** By the distance from `start`: where what may not be parted there begins, or -1. */
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

/** What is not parted: no part ends behind `from` and before `to`. */
interface Atom {
  readonly from: number;
  readonly to: number;
}

/** Where the part ends, behind `start` by one character at least. */
function placeIn(window: Window, segmenter: Intl.Segmenter): number {
  const { text, start, end, codes } = window;
  const blockStarts = new Set(codes.flatMap(({ isBlock, from }) => (isBlock ? [from] : [])));
  const endsLine = (place: number) => text[place - 1] === '\n';
  const preferences = [
    (place: number) => (endsLine(place) || blockStarts.has(place)) && codeAt(window, place) === undefined,
    endsLine,
    (place: number) => text[place - 1] === ' ',
  ];
  for (const isPreferred of preferences) {
    for (let place = end; place > (start + end) / 2; place--) {
      if (isPreferred(place) && isSafe(window, place)) return place;
    }
  }
  return characterBefore(window, segmenter) ?? hardPlace(window);
}

function isSafe(window: Window, place: number): boolean {
  return place + closerAt(window, place).length <= window.end && atomAt(window, place) === undefined;
}

/** The last place that parts no character. */
function characterBefore(window: Window, segmenter: Intl.Segmenter): number | undefined {
  const { text, start, end } = window;
  const characters = segmenter.segment(text.slice(start, 2 * end - start));
  let place = end;
  while (place > start) {
    const boundary = start + (characters.containing(place - start)?.index ?? place - start);
    const closed = Math.min(boundary, end - closerAt(window, boundary).length);
    const outside = atomAt(window, closed) ?? closed;
    if (outside === place) return place;
    place = outside;
  }
  return undefined;
}

/** For what is longer than a part as a whole. */
function hardPlace({ text, start, end, codes }: Window): number {
  const code = codes.find(({ from, to }) => from < end && end < to);
  const last = code === undefined ? end : Math.min(code.contentTo - 1, end - code.closer.length - 1);
  const place = code !== undefined && last <= code.contentFrom ? code.from : last;
  const isInPair = (text.codePointAt(place - 1) ?? 0) > 0xffff;
  return Math.max(start + 1, isInPair ? place - 1 : place);
}

function codeAt({ start, codes, codeOf }: Window, place: number): Code | undefined {
  return codes[codeOf[place - start] ?? -1];
}

function closerAt(window: Window, place: number): string {
  const code = codeAt(window, place);
  if (code === undefined) return '';
  return code.closesOnOwnLine && window.text[place - 1] !== '\n' ? `\n${code.closer}` : code.closer;
}

/** Where what may not be parted at a place begins. */
function atomAt({ start, atomOf }: Window, place: number): number | undefined {
  const from = atomOf[place - start] ?? -1;
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

/** Those that are no longer than a part. In code only entities and links count, and nothing that begins in code and ends outside of it. */
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

/** The marks of code, with a character of what they mark, for the marks of an empty block are shown as such. Code within a line stays whole where it can. */
function atomsOfCode({ from, contentFrom, contentTo, to, isBlock }: Code, limit: number, text: string): Atom[] {
  if (!isBlock && to - from <= limit) return [{ from, to }];
  const ticks = [...text.slice(contentFrom, contentTo).matchAll(/`+/g)].map(({ index, 0: run }) => ({
    // A mark would join the backticks beside it.
    from: contentFrom + index - 1,
    to: contentFrom + index + run.length + 1,
  }));
  return [{ from, to: contentFrom + 1 }, { from: contentTo - 1, to }, ...ticks];
}
