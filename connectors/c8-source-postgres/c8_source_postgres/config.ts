import type { ConfigDeclaration, ConfigOf } from 'c8connector';
import {
  heartbeatProperty,
  lostPositionProperty,
  partitionsProperty,
  replicationProperties,
  tlsProperties,
} from 'c8connector-sql';

/** The settings of one connection. Keys and texts are those of the Python original where it has them. */
export const config = {
  host: {
    type: 'string',
    displayName: 'Host',
    description:
      'Name or address of the server, without a port. A path such as /var/run/postgresql means its Unix socket.',
    isMandatory: true,
    placeholderValue: 'postgres_host',
    group: 'Server',
  },
  port: {
    type: 'integer',
    displayName: 'Port',
    description: 'Port of the server.',
    defaultValue: 5432,
    minimum: 1,
    maximum: 65535,
    group: 'Server',
  },
  user: {
    type: 'string',
    displayName: 'Username',
    description: 'Role to log in as. It needs CONNECT on the database, USAGE on the schemas and SELECT on the tables.',
    isMandatory: true,
    placeholderValue: 'postgres',
    group: 'Server',
  },
  password: {
    type: 'password',
    displayName: 'Password',
    description: 'Password of the role; not needed when the server does not ask for one.',
    placeholderValue: 'password',
    group: 'Server',
  },
  dbname: {
    type: 'string',
    displayName: 'Database Name',
    description: 'Database to read.',
    isMandatory: true,
    placeholderValue: 'postgres',
    group: 'Server',
  },
  filter_schemas: {
    type: 'string',
    displayName: 'Source Schema',
    description:
      'Schemas to read, separated by commas; all if not set. Put a name that contains a comma in double quotes.',
    isDynamic: true,
    placeholderValue: 'my_schema',
    group: 'Tables',
  },
  filter_table: {
    type: 'string',
    displayName: 'Source Table',
    description:
      'Tables and views to read, as table or schema.table, separated by commas; all if not set. Names are case-sensitive; put a name that contains a comma in double quotes.',
    isDynamic: true,
    placeholderValue: 'my_table',
    group: 'Tables',
  },
  ...replicationProperties,
  timestamp_zone: {
    type: 'string',
    displayName: 'Time Zone of Timestamps',
    description:
      'Time zone of columns of type timestamp, such as Europe/Berlin. INCREMENTAL needs it to compare such a key with the start times of open transactions.',
    defaultValue: 'UTC',
    group: 'Tables',
    isAdvanced: true,
  },
  partitions: partitionsProperty,
  consistency: {
    type: 'options',
    options: ['ranges', 'snapshot'],
    displayName: 'Consistency of a Copy',
    description:
      'ranges splits a table by its key and reads each range as of the moment at which that read begins; an interrupted copy resumes. snapshot reads the whole table as of one moment, and also splits tables without a key; an interrupted copy starts over.',
    defaultValue: 'ranges',
    isDynamic: true,
    group: 'Copies',
    isAdvanced: true,
  },
  ...tlsProperties,
  encoding: {
    type: 'options',
    options: ['UTF8', 'LATIN1', 'LATIN2', 'LATIN9', 'WIN1250', 'WIN1251', 'WIN1252', 'KOI8R'],
    displayName: 'Encoding',
    description:
      'Encoding of the values in an SQL_ASCII database, which does not declare one. In any other database the server converts the values.',
    defaultValue: 'UTF8',
    group: 'Values',
    isAdvanced: true,
  },
  out_of_range_dates: {
    type: 'options',
    options: ['clamp', 'null', 'text', 'fail'],
    displayName: 'Dates Out of Range',
    description:
      'How to handle infinity, years BC, years over 9999, and 24:00:00 with a time zone. clamp takes the nearest date, time or interval (0001-01-01, 9999-12-31, 23:59:59.999999, 178000000 years), null writes null, text keeps them (and makes all such columns text), fail stops the run.',
    defaultValue: 'clamp',
    group: 'Values',
    isAdvanced: true,
  },
  special_numbers: {
    type: 'options',
    options: ['null', 'text', 'fail'],
    displayName: 'Special Numbers',
    description:
      'How to handle NaN and the infinities: null writes null, text keeps them as strings among the numbers, fail stops the run.',
    defaultValue: 'null',
    group: 'Values',
    isAdvanced: true,
  },
  unbounded_numeric: {
    type: 'options',
    options: ['text', 'double', 'decimal(38,9)'],
    displayName: 'Unbounded Numeric',
    description:
      'How targets with typed columns store numeric without precision: text keeps all digits, double is approximate, decimal(38,9) rounds to nine digits.',
    defaultValue: 'text',
    group: 'Values',
    isAdvanced: true,
  },
  arrays: {
    type: 'options',
    options: ['declared', 'json'],
    displayName: 'Arrays',
    description:
      'How targets with typed columns store arrays: declared makes lists of the declared depth and rejects a row of another depth; json stores JSON text, which can have any depth. An array whose depth the server does not know, as in a view, is always json.',
    defaultValue: 'declared',
    group: 'Values',
    isAdvanced: true,
  },
  replication_slot: {
    type: 'string',
    displayName: 'Replication Slot',
    description:
      'Name of the logical replication slot for LOG_BASED; the first run creates it if it does not exist. Each connection needs its own. By default, c8_ followed by the name of the database and the id of the connection.',
    placeholderValue: 'my_slot',
    group: 'Change log',
    isAdvanced: true,
  },
  publication: {
    type: 'string',
    displayName: 'Publication',
    description:
      'Name of the publication for LOG_BASED. The source creates it and adds tables to it, if the role has the right to. By default, the name of the slot.',
    placeholderValue: 'my_publication',
    group: 'Change log',
    isAdvanced: true,
  },
  plugin: {
    type: 'options',
    options: ['auto', 'pgoutput', 'wal2json'],
    displayName: 'Output Plugin',
    description:
      'Plugin with which the server decodes its log for LOG_BASED. pgoutput is part of every server and needs a publication. wal2json must be installed on the server, and needs no publication. auto uses the plugin of the slot if it exists, otherwise pgoutput.',
    defaultValue: 'auto',
    group: 'Change log',
    isAdvanced: true,
  },
  on_lost_position: lostPositionProperty,
  break_at_end_lsn: {
    type: 'boolean',
    displayName: 'Stop at the End of the Log',
    description:
      'Whether a run stops at the position where the log ended when the run began to read it. If false, the run follows the log until it is stopped, or for max_run_seconds.',
    defaultValue: true,
    group: 'Change log',
    isAdvanced: true,
  },
  max_run_seconds: {
    type: 'integer',
    displayName: 'Longest Run',
    description: 'Seconds for which a run follows the log; no limit if not set.',
    minimum: 1,
    when: { property: 'break_at_end_lsn', oneOf: [false] },
    group: 'Change log',
    isAdvanced: true,
  },
  heartbeat_table: {
    type: 'string',
    displayName: 'Heartbeat Table',
    description:
      'Table, as schema.table, to which a row is written while the log is followed, so that the position advances even if the followed tables do not change. The table needs one column, beat, of type timestamptz; the role needs INSERT and UPDATE on it.',
    placeholderValue: 'public.c8_heartbeat',
    group: 'Change log',
    isAdvanced: true,
  },
  heartbeat_seconds: heartbeatProperty,
} as const satisfies ConfigDeclaration;

/** A parsed config. */
export type PostgresConfig = ConfigOf<typeof config>;
