import { defineSource } from 'c8connector';
import manifest from '../package.json' with { type: 'json' };
import { check } from './check.ts';
import { config } from './config.ts';
import { readTable } from './copy.ts';
import { discover } from './discover.ts';
import { highest } from './highest.ts';
import { sourceLog } from './log/log.ts';
import { partitions } from './partitions.ts';
import { connectionPool } from './pool.ts';

/** MySQL 8.0 and newer and MariaDB 10.5 and newer: tables and views, copied with the text protocol and followed in the binary log. */
export class MysqlSource extends defineSource({
  package: manifest,
  name: 'MySQL',
  description: 'Reads the tables and views of a MySQL or MariaDB database.',
  config,
  check,
  open: ({ config }) => connectionPool(config),
  discover,
  read: readTable,
  partitions,
  highest,
  log: sourceLog,
}) {}
