const entry = /(?:"(?:[^"]|"")*"|[^,])+/g;
const quotedPart = /(^|\.)"((?:[^"]|"")*)"(?=\.|$)/g;

/**
 * The names of a comma list such as `orders, sales.items, "a, b"."c""d"`. Blanks around a name are dropped, double quotes keep
 * commas and blanks, `""` inside quotes is one quote. Capitals stay as they are. Gives [] for an absent or empty text.
 */
export function parseNames(text: string | undefined): readonly string[] {
  const entries = text?.match(entry) ?? [];
  return entries
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => name.replace(quotedPart, (_, dot: string, part: string) => dot + part.replaceAll('""', '"')));
}
