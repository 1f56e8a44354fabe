import { missingMariaDb, startMariaDb } from 'test-services';
import { missingProgram } from '../data.mjs';
import { benchMysqlChanges } from './changes.mjs';
import { loadLineitem } from './data.mjs';
import { benchMysqlText } from './text.mjs';

/** Tables and changes of MariaDB, on a server of its own. `tables` has the scales of lineitem by the names of the tables. */
export async function benchMysql({ rounds, tools, tables, folder, source }) {
  const missing = missingMariaDb() ?? missingProgram('mariadb', 'a MariaDB client');
  if (missing !== undefined) {
    console.log(`\nMySQL: not measured. ${missing}`);
    return;
  }
  const server = await startMariaDb({ settings: { innodb_buffer_pool_size: '1G', local_infile: 'ON' } });
  try {
    for (const [name, scale] of Object.entries(tables)) {
      const count = await loadLineitem(server, tools, { name, scale });
      await benchMysqlText({ rounds, server, name, count, folder, source });
    }
    await benchMysqlChanges({ rounds, server, folder, source });
  } finally {
    await server.stop();
  }
}
