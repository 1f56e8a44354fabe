/** A name as a quoted identifier of SQL, whatever characters it contains. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A text as a literal of SQL, for a session without NO_BACKSLASH_ESCAPES. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
