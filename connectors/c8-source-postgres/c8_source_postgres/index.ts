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

/** PostgreSQL 14 and newer: tables, views, materialized views, foreign and partitioned tables, copied with COPY. */
export class PostgresSource extends defineSource({
  package: manifest,
  name: 'PostgreSQL',
  description: 'Reads the tables and views of a PostgreSQL database.',
  config,
  check,
  open: ({ config }) => connectionPool(config),
  discover,
  read: readTable,
  partitions,
  highest,
  log: sourceLog,
}) {}
