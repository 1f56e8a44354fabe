import { invalidAnswer } from 'c8connector-sql';
import type { Client, QueryResultRow } from 'pg';

/**
 * Where the names in the source's own queries are looked up: only in the server's own schema. Otherwise, someone who may create objects in a schema of the role's
 * search_path could define a function, an operator, a type or a relation that is a better match than the server's own, and it would run with the rights of
 * the reader. Without `pg_temp` at the end, temporary relations and types would come first. SET calls no functions, so it may be the first statement.
 */
export const setOwnPath = 'set local search_path = pg_catalog, pg_temp';

/**
 * Restores the search_path of the role, for a query that contains only quoted names and reads what users of the database defined: functions in a
 * view may rely on it. No `ownQuery` may follow on this connection before `setOwnPath`.
 */
export const setRolePath = 'set local search_path to default';

/**
 * The rows of a query that the source wrote itself, about the server's catalog or the session. All such queries go through this function.
 *
 * @throws {ConnectionError} `server_answer_invalid` for an answer that is not one of a single statement; other errors are those of pg.
 */
export async function ownQuery<Row extends QueryResultRow>(
  client: Client,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(text, [...values]);
  // When a server answers one statement with several results, pg returns a list, which has no rows.
  if (!Array.isArray(rows)) throw invalidAnswer('several results for one statement');
  return rows;
}
