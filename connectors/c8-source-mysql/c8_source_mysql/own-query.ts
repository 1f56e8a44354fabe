import { invalidAnswer } from 'c8connector-sql';
import type { Connection as Client } from 'mysql2';

/**
 * The rows of a query that the source wrote itself, about the server's catalog or the session: integers as numbers where a double holds them, otherwise as text. All such queries go through this function.
 *
 * @throws {ConnectionError} `server_answer_invalid` for an answer that is not one of a single statement; other errors are those of mysql2.
 */
export async function ownQuery<Row>(
  client: Client,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const rows = await new Promise<unknown>((resolve, reject) => {
    client.query(text, [...values], (error, found) => (error === null ? resolve(found) : reject(error)));
  });
  if (!Array.isArray(rows)) throw invalidAnswer('no rows for a query');
  return rows as readonly Row[];
}

/** Executes a statement without rows. Errors are those of mysql2. */
export async function execute(client: Client, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    client.query(text, (error) => (error === null ? resolve() : reject(error)));
  });
}
