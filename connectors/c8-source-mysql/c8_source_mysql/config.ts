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
      'Name or address of the server, without a port. A path such as /run/mysqld/mysqld.sock means its Unix socket.',
    isMandatory: true,
    placeholderValue: 'mysql_host',
    group: 'Server',
  },
  port: {
    type: 'integer',
    displayName: 'Port',
    description: 'Port of the server.',
    defaultValue: 3306,
    minimum: 1,
    maximum: 65535,
    group: 'Server',
  },
  user: {
    type: 'string',
    displayName: 'Username',
    description: 'User to log in as. It needs SELECT on the tables.',
    isMandatory: true,
    placeholderValue: 'root',
    group: 'Server',
  },
  password: {
    type: 'password',
    displayName: 'Password',
    description: 'Password of the user; not needed when the server does not ask for one.',
    placeholderValue: 'password',
    group: 'Server',
  },
  database: {
    type: 'string',
    displayName: 'Database Name',
    description:
      'Database to read, or several, separated by commas. Put a name that contains a comma in double quotes.',
    isMandatory: true,
    isDynamic: true,
    placeholderValue: 'mysql',
    group: 'Tables',
  },
  source_table: {
    type: 'string',
    displayName: 'Source Table',
    description:
      'Tables and views to read, as table or database.table, separated by commas; all if not set. Put a name that contains a comma in double quotes.',
    isDynamic: true,
    placeholderValue: 'my_table',
    group: 'Tables',
  },
  ...replicationProperties,
  timestamp_zone: {
    type: 'string',
    displayName: 'Time Zone of Datetimes',
    description:
      'Time zone of columns of type datetime, such as Europe/Berlin. INCREMENTAL needs it to compare such a key with the start times of open transactions.',
    defaultValue: 'UTC',
    group: 'Tables',
    isAdvanced: true,
  },
  partitions: partitionsProperty,
  ...tlsProperties,
  tinyint1_as_boolean: {
    type: 'boolean',
    displayName: 'Tinyint(1) as Boolean',
    description:
      'Whether tinyint(1) is a boolean, true for any value but 0. If false, it is an integer, as it always is in a key.',
    defaultValue: true,
    group: 'Values',
    isAdvanced: true,
  },
  out_of_range_dates: {
    type: 'options',
    options: ['null', 'text', 'fail'],
    displayName: 'Zero and Partial Dates',
    description:
      'How to handle dates that no calendar has, such as 0000-00-00, 2023-02-00 and 2023-02-31: null writes null, text keeps them (and makes all columns with dates text), fail stops the run.',
    defaultValue: 'null',
    group: 'Values',
    isAdvanced: true,
  },
  server_id: {
    type: 'integer',
    displayName: 'Server ID',
    description:
      'Number by which the server distinguishes the readers of its log: no replica and no other reader of the server may have the same. By default, a number above 1,000,000,000 that is derived from the id of the connection.',
    minimum: 1,
    maximum: 4294967295,
    group: 'Change log',
    isAdvanced: true,
  },
  on_lost_position: lostPositionProperty,
  break_at_end_of_log: {
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
    when: { property: 'break_at_end_of_log', oneOf: [false] },
    group: 'Change log',
    isAdvanced: true,
  },
  heartbeat_table: {
    type: 'string',
    displayName: 'Heartbeat Table',
    description:
      'Table, as database.table, to which a row is written while the log is followed, so that its position advances even if nothing else changes. The table needs a key column, id, of a type for integers, and a column beat of type timestamp(6); the user needs SELECT, INSERT and UPDATE on it.',
    placeholderValue: 'my_database.c8_heartbeat',
    group: 'Change log',
    isAdvanced: true,
  },
  heartbeat_seconds: heartbeatProperty,
} as const satisfies ConfigDeclaration;

/** A parsed config. */
export type MysqlConfig = ConfigOf<typeof config>;
