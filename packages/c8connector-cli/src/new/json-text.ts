/** JSON as the formatter writes it: two spaces, and lists of plain values on one line. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items: string) => `[${items.split(/\n\s*/).join(' ')}]`)}\n`;
}
