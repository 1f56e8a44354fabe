import type { Span } from './mask-cut.ts';

/** A text without its line breaks and the blanks around them, and the original position of each of its characters. */
export interface Unwrapped {
  readonly text: string;
  /** For each character of the text without line breaks, its position in the original text. */
  readonly places: readonly number[];
}

/** Line breaks as they are, or written as JSON writes them, with the blanks around them. */
const wraps = /[ \t]*(?:\r?\n|\\+r\\+n|\\+n)[ \t]*/g;

/** A text as it may have been before its lines were wrapped: once for wraps between two characters, once for wraps at a blank. Empty when there is no line break. */
export function unwrapped(text: string): readonly Unwrapped[] {
  return /\n|\\n/.test(text) ? ['', ' '].map((between) => joined(text, between)) : [];
}

function joined(text: string, between: string): Unwrapped {
  const places: number[] = [];
  let whole = '';
  let from = 0;
  for (const wrap of text.matchAll(wraps)) {
    for (let at = from; at < wrap.index + between.length; at++) places.push(at);
    whole += text.slice(from, wrap.index) + between;
    from = wrap.index + wrap[0].length;
  }
  for (let at = from; at < text.length; at++) places.push(at);
  return { text: whole + text.slice(from), places };
}

/** Converts positions in the text without line breaks to positions in the original text. */
export function spanInWhole({ places }: Unwrapped, [start, end]: Span): Span {
  return [places[start] ?? 0, (places[end - 1] ?? 0) + 1];
}
