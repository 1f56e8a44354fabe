import type { Span } from './mask-cut.ts';

/** A text without its line breaks and the blanks around them, and where each of its characters stood. */
export interface Unwrapped {
  readonly text: string;
  /** By character of the text without line breaks: its place in the whole one. */
  readonly places: readonly number[];
}

/** Line breaks as they are, or written as JSON writes them, with the blanks around them. */
const wraps = /[ \t]*(?:\r?\n|\\+r\\+n|\\+n)[ \t]*/g;

/** A text as it may have been before somebody wrapped its lines: between two characters, and at a blank. Nothing when there is no line break. */
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

/** Places in the text without line breaks as places in the whole one. */
export function spanInWhole({ places }: Unwrapped, [start, end]: Span): Span {
  return [places[start] ?? 0, (places[end - 1] ?? 0) + 1];
}
