/**
 * Splits text into parts of at most `limit` UTF-16 units, two at the least, which are never fewer than the characters that Slack counts; together they are the text
 * again. Parts end behind a line when one ends in their second half, else behind a word. No part ends within a character that is made of several, an entity such
 * as `&amp;`, or what stands in `<…>`, unless that is longer than a part.
 */
export function splitText(text: string, limit: number): string[] {
  if (text.length <= limit) return [text];
  const parts: string[] = [];
  // Making one takes as long as splitting off several parts.
  const segmenter = new Intl.Segmenter();
  let start = 0;
  while (text.length - start > limit) {
    const length = partLength(text.slice(start, start + 2 * limit), limit, segmenter);
    parts.push(text.slice(start, start + length));
    start += length;
  }
  parts.push(text.slice(start));
  return parts;
}

/** How much of `text`, which is longer than `limit`, goes into the first part; at least one character. */
function partLength(text: string, limit: number, segmenter: Intl.Segmenter): number {
  const atoms = atomsOf(text, limit);
  const isSafe = (place: number) => atoms.every(({ from, to }) => place <= from || place >= to);
  for (const separator of ['\n', ' ']) {
    for (let place = limit; place > limit / 2; place--) {
      if (text[place - 1] === separator && isSafe(place)) return place;
    }
  }
  const characters = segmenter.segment(text);
  let place = limit;
  while (place > 0) {
    const boundary = characters.containing(place)?.index ?? place;
    const outside = atoms.find(({ from, to }) => from < boundary && boundary < to)?.from ?? boundary;
    if (outside === place) return place;
    place = outside;
  }
  return wholeCodePoints(text, limit);
}

interface Atom {
  readonly from: number;
  readonly to: number;
}

/** Entities and links that begin before the limit and are no longer than it. */
function atomsOf(text: string, limit: number): Atom[] {
  return [...text.matchAll(/&(?:amp|lt|gt);|<[^<>\n]*>/g)]
    .map((found) => ({ from: found.index, to: found.index + found[0].length }))
    .filter(({ from, to }) => from < limit && to - from <= limit);
}

/** For what is longer than a part as a whole. */
function wholeCodePoints(text: string, limit: number): number {
  return (text.codePointAt(limit - 1) ?? 0) > 0xffff ? limit - 1 : limit;
}
