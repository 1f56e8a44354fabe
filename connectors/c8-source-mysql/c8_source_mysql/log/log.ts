import type { LogDefinition } from 'c8connector';
import type { MysqlConfig } from '../config.ts';
import type { MysqlStream } from '../discover.ts';
import type { ConnectionPool } from '../pool.ts';
import { beginLog } from './begin.ts';
import { readLog } from './read.ts';

/** The binary log of MySQL and MariaDB, which the server keeps for a time, whoever reads it. */
export const sourceLog: LogDefinition<MysqlConfig, MysqlStream, ConnectionPool> = {
  begin: beginLog,
  read: readLog,
  until: ({ break_at_end_of_log, max_run_seconds }) => (break_at_end_of_log ? 'now' : (max_run_seconds ?? 'forever')),
};
