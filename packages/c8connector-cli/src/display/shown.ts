import { visible } from 'c8connector';

/** A coloured text of our own, which may contain the escape sequences of its colour. */
export interface Painted {
  readonly painted: string;
}

/** A text to show: texts from any source, and painted ones between them. */
export type Shown = string | readonly (string | Painted)[];

/** The text for a terminal. All output goes through this: characters that can control a terminal are escaped, except line breaks and our own colours. */
export function terminalText(shown: Shown): string {
  const pieces = typeof shown === 'string' ? [shown] : shown;
  return pieces
    .map((piece) => (typeof piece === 'string' ? visible(piece, { keepLines: true }) : piece.painted))
    .join('');
}

/** The same text with its secrets masked. */
export function masked(shown: Exclude<Shown, string>, mask: (text: string) => string): Shown {
  return shown.map((piece) => (typeof piece === 'string' ? mask(piece) : piece));
}
