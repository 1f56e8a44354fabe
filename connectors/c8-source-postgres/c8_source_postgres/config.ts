import type { ConfigDeclaration, ConfigOf } from 'c8connector';

/** The settings of one connection. Keys and texts are those of the original where it has them. */
export const config = {
  host: {
    type: 'string',
    displayName: 'Host',
    description:
      'Name or address of the server, without a port; a path such as /var/run/postgresql means its Unix socket.',
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
    description:
      'Role to log in as. It needs CONNECT on the database, USAGE on the schemas and SELECT on what it shall read.',
    isMandatory: true,
    placeholderValue: 'postgres',
    group: 'Server',
  },
  password: {
    type: 'password',
    displayName: 'Password',
    description: 'Password of the role; left out when the server asks for none.',
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
      'Schemas to read, separated by commas; all when left out. Put a name that holds a comma in double quotes.',
    isDynamic: true,
    placeholderValue: 'my_schema',
    group: 'What to read',
  },
  filter_table: {
    type: 'string',
    displayName: 'Source Table',
    description:
      'Tables and views to read, as table or schema.table, separated by commas; all when left out. Capitals count; put a name that holds a comma in double quotes.',
    isDynamic: true,
    placeholderValue: 'my_table',
    group: 'What to read',
  },
  replication_method: {
    type: 'options',
    options: ['FULL_TABLE', 'INCREMENTAL', 'LOG_BASED'],
    displayName: 'Replication Method',
    description:
      'How tables are read when the catalog does not say: FULL_TABLE copies all rows at each run, INCREMENTAL reads those whose replication key is not lower than in the last run, LOG_BASED copies a table once and then reads its changes from the log of the server. A table that cannot be read so is copied.',
    defaultValue: 'FULL_TABLE',
    group: 'What to read',
  },
  start_date: {
    type: 'date_iso8601',
    displayName: 'Start Date',
    description: 'INCREMENTAL by a date or a time leaves out rows that are older than this.',
    isDynamic: true,
    placeholderValue: '2024-01-01T00:00:00Z',
    group: 'What to read',
  },
  lookback_seconds: {
    type: 'integer',
    displayName: 'Lookback',
    description:
      'INCREMENTAL by a date or a time begins so many seconds before the last key, for rows that appear some time after the moment that stands in them.',
    defaultValue: 0,
    minimum: 0,
    isDynamic: true,
    group: 'What to read',
  },
  timestamp_zone: {
    type: 'string',
    displayName: 'Time Zone of Timestamps',
    description:
      'The time zone in which columns of the type timestamp hold the time of the server, such as Europe/Berlin. INCREMENTAL holds such a key back while an older transaction is open.',
    defaultValue: 'UTC',
    group: 'What to read',
    isAdvanced: true,
  },
  partitions: {
    type: 'integer',
    displayName: 'Ranges of a Copy',
    description:
      'In how many ranges a table is copied. As many are read at the same time as the concurrency of the run allows, each on a connection of its own.',
    defaultValue: 1,
    minimum: 1,
    maximum: 1000,
    isDynamic: true,
    group: 'How to copy',
    isAdvanced: true,
  },
  consistency: {
    type: 'options',
    options: ['ranges', 'snapshot'],
    displayName: 'Consistency of a Copy',
    description:
      'ranges: ranges of the key, each as of the moment at which its read begins; an interrupted copy goes on where it was. snapshot: parts of the table as of one moment, for tables without a key, too; an interrupted copy begins anew.',
    defaultValue: 'ranges',
    isDynamic: true,
    group: 'How to copy',
    isAdvanced: true,
  },
  ssl_mode: {
    type: 'options',
    options: ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'],
    displayName: 'SSL Mode',
    description:
      'disable never encrypts, prefer encrypts when the server can, require always encrypts, verify-ca also checks who signed the certificate, verify-full also the host name in it.',
    defaultValue: 'prefer',
    group: 'TLS',
  },
  ssl_root_ca_cert: {
    type: 'file',
    displayName: 'SSL CA Certificate',
    description:
      'Certificate in PEM of the authority that signed that of the server; the public authorities when left out.',
    placeholderValue: 'my_ca_certificate',
    when: { property: 'ssl_mode', oneOf: ['verify-ca', 'verify-full'] },
    group: 'TLS',
  },
  ssl_client_certificate: {
    type: 'file',
    displayName: 'SSL Client Certificate',
    description: 'Certificate in PEM that shows who we are, for servers that ask for one.',
    placeholderValue: 'my_client_certificate',
    when: { property: 'ssl_mode', oneOf: ['prefer', 'require', 'verify-ca', 'verify-full'] },
    group: 'TLS',
    isAdvanced: true,
  },
  ssl_client_key: {
    type: 'file',
    displayName: 'SSL Client Key',
    description: 'Private key in PEM of the client certificate.',
    isSecret: true,
    placeholderValue: 'my_client_key',
    when: { property: 'ssl_mode', oneOf: ['prefer', 'require', 'verify-ca', 'verify-full'] },
    group: 'TLS',
    isAdvanced: true,
  },
  ssl_client_password: {
    type: 'password',
    displayName: 'SSL Client Password',
    description: 'Passphrase of the client key, when it is encrypted.',
    placeholderValue: 'my_client_password',
    when: { property: 'ssl_mode', oneOf: ['prefer', 'require', 'verify-ca', 'verify-full'] },
    group: 'TLS',
    isAdvanced: true,
  },
  encoding: {
    type: 'options',
    options: ['UTF8', 'LATIN1', 'LATIN2', 'LATIN9', 'WIN1250', 'WIN1251', 'WIN1252', 'KOI8R'],
    displayName: 'Encoding',
    description:
      'Encoding of the values in a database of the encoding SQL_ASCII, which does not say what its bytes mean. Any other database says it, and its values are converted by the server.',
    defaultValue: 'UTF8',
    group: 'Values',
    isAdvanced: true,
  },
  out_of_range_dates: {
    type: 'options',
    options: ['clamp', 'null', 'text', 'fail'],
    displayName: 'Dates Out of Range',
    description:
      'What becomes of infinity, years BC and years over 9999, and of 24:00:00 with a time zone: clamp to the nearest date, time or interval (0001-01-01, 9999-12-31, 23:59:59.999999, 178000000 years), null, text keeps them (and makes all such columns text), fail stops the run.',
    defaultValue: 'clamp',
    group: 'Values',
    isAdvanced: true,
  },
  special_numbers: {
    type: 'options',
    options: ['null', 'text', 'fail'],
    displayName: 'Special Numbers',
    description:
      'What becomes of NaN and the infinities: null, text keeps them as strings among the numbers, fail stops the run.',
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
      'How targets with typed columns store arrays: declared makes lists of the depth that the column declares, and refuses a row of another depth; json stores JSON text, which holds any depth. An array whose depth the server does not know, as in a view, is always json.',
    defaultValue: 'declared',
    group: 'Values',
    isAdvanced: true,
  },
  replication_slot: {
    type: 'string',
    displayName: 'Replication Slot',
    description:
      'Name of the logical replication slot of LOG_BASED; made by the first run where it is missing. Each connection needs its own. When left out, c8_, the name of the database and the id of the connection.',
    placeholderValue: 'my_slot',
    group: 'Change log',
    isAdvanced: true,
  },
  publication: {
    type: 'string',
    displayName: 'Publication',
    description:
      'Name of the publication of LOG_BASED; it is made, and tables are added to it, where the role may do that. The name of the slot when left out.',
    placeholderValue: 'my_publication',
    group: 'Change log',
    isAdvanced: true,
  },
  on_lost_position: {
    type: 'options',
    options: ['fail', 'resync'],
    displayName: 'On Lost Position',
    description:
      'What to do when the server does not have the changes any more from where LOG_BASED was to go on: fail, or resync, which copies the tables anew.',
    defaultValue: 'fail',
    group: 'Change log',
    isAdvanced: true,
  },
  break_at_end_lsn: {
    type: 'boolean',
    displayName: 'Stop at the End',
    description:
      'Whether a run ends where the log ended when its read began. If not, it follows the log until it is stopped, or for max_run_seconds.',
    defaultValue: true,
    group: 'Change log',
    isAdvanced: true,
  },
  max_run_seconds: {
    type: 'integer',
    displayName: 'Longest Run',
    description: 'Seconds for which a run follows the log; without end when left out.',
    minimum: 1,
    when: { property: 'break_at_end_lsn', oneOf: [false] },
    group: 'Change log',
    isAdvanced: true,
  },
  heartbeat_table: {
    type: 'string',
    displayName: 'Heartbeat Table',
    description:
      'A table, as schema.table, into which a row is written while the log is followed, for servers whose log stands still otherwise. It needs one column, beat timestamptz, and the rights to INSERT and UPDATE.',
    placeholderValue: 'public.c8_heartbeat',
    group: 'Change log',
    isAdvanced: true,
  },
  heartbeat_seconds: {
    type: 'integer',
    displayName: 'Heartbeat Interval',
    description: 'Seconds between two writes to the heartbeat table.',
    defaultValue: 60,
    minimum: 1,
    group: 'Change log',
    isAdvanced: true,
  },
} as const satisfies ConfigDeclaration;

/** A config as `parseConfig` gives it. */
export type PostgresConfig = ConfigOf<typeof config>;
