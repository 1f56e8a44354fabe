import type { LogDefinition } from 'c8connector';
import type { PostgresConfig } from '../config.ts';
import type { PostgresStream } from '../discover.ts';
import type { ConnectionPool } from '../pool.ts';
import { beginLog } from './begin.ts';
import { slotDefinition } from './drop-slot.ts';
import { readLog } from './read.ts';

/** The log of PostgreSQL: logical replication, with the server's own plugin pgoutput or with wal2json. */
export const sourceLog: LogDefinition<PostgresConfig, PostgresStream, ConnectionPool> = {
  // Where the record of the commit begins.
  columns: { _sdc_lsn: { type: ['integer', 'null'] } },
  begin: beginLog,
  read: readLog,
  until: ({ break_at_end_lsn, max_run_seconds }) => (break_at_end_lsn ? 'now' : (max_run_seconds ?? 'forever')),
  slot: slotDefinition,
};
