/** Characters that can control a terminal, or make a text look like another one: control characters (C0, DEL, C1), format characters such as bidi overrides, line and paragraph separators. */
const steering = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const steeringButNewlines = /[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/gu;

/**
 * A text in which everything that can control a terminal is written as a JSON escape such as `\u001b`: names and messages come from servers. Line breaks are escaped too, unless
 * `keepLines` is set. With `keepLines`, JSON text remains JSON with the same value.
 */
export function visible(text: string, { keepLines = false }: { readonly keepLines?: boolean } = {}): string {
  return text.replace(keepLines ? steeringButNewlines : steering, escaped);
}

function escaped(character: string): string {
  const short = JSON.stringify(character).slice(1, -1);
  if (short !== character) return short;
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
