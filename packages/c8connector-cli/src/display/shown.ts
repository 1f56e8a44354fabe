import { visible } from 'c8connector';

/** A text of our own in a colour: what is in it may hold the escape sequences of the colour. */
export interface Painted {
  readonly painted: string;
}

/** What is shown to people: texts that may come from anywhere, and painted ones between them. */
export type Shown = string | readonly (string | Painted)[];

/** The text for a terminal, the one way to it: whatever may steer it is written as escapes, but for line breaks and our own colours. */
export function terminalText(shown: Shown): string {
  const pieces = typeof shown === 'string' ? [shown] : shown;
  return pieces
    .map((piece) => (typeof piece === 'string' ? visible(piece, { keepLines: true }) : piece.painted))
    .join('');
}

/** The same with the secrets in its texts masked. */
export function masked(shown: Exclude<Shown, string>, mask: (text: string) => string): Shown {
  return shown.map((piece) => (typeof piece === 'string' ? mask(piece) : piece));
}
