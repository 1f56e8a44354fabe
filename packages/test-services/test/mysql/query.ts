import mysql from 'mysql2/promise';
import type { MySqlServer } from '../../src/mysql/server.ts';

/** The rows of one statement, over a connection of its own. */
export async function query(
  server: MySqlServer,
  text: string,
  changes: mysql.ConnectionOptions = {},
): Promise<unknown> {
  const { host, port, user, password, database } = server;
  const connection = await mysql.createConnection({ host, port, user, password, database, ...changes });
  try {
    const [rows] = await connection.query(text);
    return rows;
  } finally {
    await connection.end();
  }
}
