/** A name in DuckDB's SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string in DuckDB's SQL. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
