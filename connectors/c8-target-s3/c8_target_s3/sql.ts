/** A name in DuckDB's SQL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string in DuckDB's SQL. */
export function quoteText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
