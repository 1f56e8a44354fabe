/** What may steer a terminal, or show a text as another: control characters (C0, DEL, C1), format characters such as bidi overrides, line and paragraph separators. */
const steering = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const steeringButNewlines = /[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/gu;

/**
 * A text with all that may steer a terminal written as escapes of JSON, `\u001b`: names and messages come from servers. Line breaks too, unless `keepLines` is set. JSON
 * text stays JSON of the same value, if its own line breaks are kept.
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
