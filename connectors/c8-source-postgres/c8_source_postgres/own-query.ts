import type { Client, QueryResultRow } from 'pg';
import { invalidAnswer } from './invalid-answer.ts';

/**
 * Where the names in the source's own queries are looked up: nowhere but among what belongs to the server. Whoever may create in a schema of the role's
 * search_path could otherwise define a function, an operator, a type or a relation that fits better than the server's own, and it would run with the rights of
 * the reader. Without `pg_temp` in the last place temporary relations and types would come first. SET calls nothing, so it may come before all else.
 */
export const setOwnPath = 'set local search_path = pg_catalog, pg_temp';

/**
 * Restores the search_path of the role, for a query that holds nothing but quoted names and reads what a user of the database defined: functions inside of a
 * view may rely on it. No `ownQuery` may follow on this connection before `setOwnPath`.
 */
export const setRolePath = 'set local search_path to default';

/**
 * The rows of a query that the source wrote itself, about the catalog of the server or the session. The one way to send one.
 *
 * @throws {ConnectionError} `server_answer_invalid` for an answer that is not one of a single statement; other errors are those of pg.
 */
export async function ownQuery<Row extends QueryResultRow>(
  client: Client,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(text, [...values]);
  // A server that answers one statement with several results makes pg give a list of them, which has no rows.
  if (!Array.isArray(rows)) throw invalidAnswer('several results for one statement');
  return rows;
}
