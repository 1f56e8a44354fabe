import { createReadStream } from 'node:fs';
import mysql from 'mysql2/promise';
import { lineitem } from '../data.mjs';

const columns = `
  l_orderkey bigint NOT NULL, l_partkey bigint NOT NULL, l_suppkey bigint NOT NULL, l_linenumber int NOT NULL,
  l_quantity decimal(15,2) NOT NULL, l_extendedprice decimal(15,2) NOT NULL, l_discount decimal(15,2) NOT NULL, l_tax decimal(15,2) NOT NULL,
  l_returnflag char(1) NOT NULL, l_linestatus char(1) NOT NULL, l_shipdate date NOT NULL, l_commitdate date NOT NULL, l_receiptdate date NOT NULL,
  l_shipinstruct char(25) NOT NULL, l_shipmode char(10) NOT NULL, l_comment varchar(44) NOT NULL, PRIMARY KEY (l_orderkey, l_linenumber)`;

/** Calls a function with a connection. Its session writes nothing to the log, unless `isLogged`. */
export async function withClient({ host, port, user, password, database }, use, isLogged = false) {
  const client = await mysql.createConnection({ host, port, user, password, database, flags: ['+LOCAL_FILES'] });
  try {
    if (!isLogged) await client.query('SET sql_log_bin = 0');
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Loads TPC-H lineitem at a scale, with its key, and returns the number of rows. */
export async function loadLineitem(server, tools, { name, scale }) {
  const file = lineitem(tools, scale);
  return await withClient(server, async (client) => {
    await client.query(`CREATE TABLE ${name} (${columns})`);
    const infileStreamFactory = () => createReadStream(file);
    await client.query({
      sql: `LOAD DATA LOCAL INFILE 'lineitem' INTO TABLE ${name} FIELDS TERMINATED BY '|'`,
      infileStreamFactory,
    });
    await client.query(`ANALYZE TABLE ${name}`);
    const [[{ count }]] = await client.query(`SELECT count(*) AS count FROM ${name}`);
    return count;
  });
}
