/** The class of an error says who must act. */
export type ErrorClass =
  | 'ConfigError'
  | 'ConnectionError'
  | 'DataError'
  | 'ProtocolError'
  | 'ConnectorError'
  | 'ValidationError';

interface ErrorCodeEntry {
  readonly class: ErrorClass;
  readonly meaning: string;
  /** What to do. */
  readonly remedy: string;
  /** Where it differs from that of the class. */
  readonly exitCode?: number;
}

/** Every code that the core and the reference connectors use; `docs/errors.md` is generated from it. A code never changes its meaning. */
export const errorCodes = {
  config_invalid: {
    class: 'ConfigError',
    meaning: 'One or more properties of the config are missing or invalid.',
    remedy: 'Correct the properties that the message names.',
  },
  config_unreadable: {
    class: 'ConfigError',
    meaning: 'The config file cannot be read or is not a JSON object.',
    remedy: 'Check that the file exists and contains one JSON object.',
  },
  catalog_unreadable: {
    class: 'ConfigError',
    meaning: 'The catalog file cannot be read or is not a Singer catalog.',
    remedy: 'Create it again with --discover.',
  },
  catalog_invalid: {
    class: 'ConfigError',
    meaning: 'The catalog asks for something ambiguous, or for something that the source does not support.',
    remedy: 'Correct the part of the catalog that the message names.',
  },
  state_unreadable: {
    class: 'ConfigError',
    meaning: 'The state file cannot be read or is not a Singer state.',
    remedy: 'Restore the file, or remove it to start from the beginning.',
  },
  state_unfinished: {
    class: 'ConfigError',
    meaning:
      'With --keep-state the run would resume at a new place of the target, but the last run was interrupted, or a stream is only partly copied.',
    remedy:
      'Run at the old place until all streams are done. Then copy its data and use --keep-state again. Or start over: single streams with --full-refresh STREAM, or all of them without --keep-state.',
  },
  connection_file_invalid: {
    class: 'ConfigError',
    meaning: 'The connection file cannot be read, or it has an invalid or unknown key or value.',
    remedy: 'Correct what the message names.',
  },
  alert_file_invalid: {
    class: 'ConfigError',
    meaning: 'The alert file cannot be read, or it has an invalid or unknown key or value.',
    remedy: 'Correct what the message names.',
  },
  input_unreadable: {
    class: 'ConfigError',
    meaning: 'The input file of an action cannot be read or does not contain an object.',
    remedy: 'Use a YAML or JSON file that contains one object.',
  },
  call_invalid: {
    class: 'ConfigError',
    meaning: 'The command line is invalid.',
    remedy: 'Run the command with --help.',
  },
  input_invalid: {
    class: 'ConfigError',
    meaning: 'A property of the input of an action is missing or invalid.',
    remedy: 'Correct the properties that the message names.',
  },
  action_unknown: {
    class: 'ConfigError',
    meaning: 'The integration has no action with that name.',
    remedy: 'List its actions with about, and correct the name.',
  },
  action_refused: {
    class: 'DataError',
    meaning: 'The service understood the call and refused it. The message contains the error code of the service.',
    remedy: 'Do what the message says, or look up the code in the documentation of the service.',
  },
  rate_limited: {
    class: 'ConnectionError',
    exitCode: 1,
    meaning: 'Rate limit: the service asks to wait for longer than the time-out of the call.',
    remedy: 'Run again later.',
  },
  outcome_unknown: {
    class: 'ConnectionError',
    exitCode: 1,
    meaning: 'The connection broke after the call was sent, so it is unknown whether the call had its effect.',
    remedy: 'Check in the service whether it was done, or allow the retry in the config.',
  },
  stream_unknown: {
    class: 'ConfigError',
    meaning: 'A selected stream does not exist in the source, or the user has no right to read it.',
    remedy: 'List the streams with discover, and correct the name.',
  },
  stream_ambiguous: {
    class: 'ConfigError',
    meaning: 'Two tables or views of the source have the same stream id.',
    remedy: 'Exclude one of them with the filters of the config.',
  },
  column_unknown: {
    class: 'ConfigError',
    meaning: 'A selected column does not exist in its stream.',
    remedy: 'List the columns with schemas, and correct the name.',
  },
  stream_changed: {
    class: 'DataError',
    meaning: 'The columns of a stream changed after its schema was sent.',
    remedy: 'Run again: the schema is then read again.',
  },
  method_unsupported: {
    class: 'ConfigError',
    meaning: 'The source does not support the requested replication method for the stream.',
    remedy: 'Choose one of the methods that the message names.',
  },
  slot_missing: {
    class: 'ConfigError',
    meaning: 'The service of the source has no slot for the connection.',
    remedy: 'Check that the connection and its state file are those of the slot.',
  },
  objects_unsupported: {
    class: 'ConfigError',
    meaning: 'The target of the connection cannot list what it has committed.',
    remedy: 'Name a connection whose target stores objects.',
  },
  slot_unsupported: {
    class: 'ConfigError',
    meaning: 'The source does not use a slot, so there is none to drop.',
    remedy: 'Name a connection whose source follows a log.',
  },
  connector_unknown: {
    class: 'ConfigError',
    meaning: 'No connector with that name is installed.',
    remedy: 'Install the package, or correct the name. The command list shows what is installed.',
  },
  state_locked: {
    class: 'ConfigError',
    meaning: 'Another run of the same connection is in progress.',
    remedy: 'Wait for it, or stop it.',
  },
  driver_missing: {
    class: 'ConfigError',
    meaning: 'A package that this setting needs is not installed.',
    remedy: 'Install the package that the message names.',
  },
  host_unknown: {
    class: 'ConnectionError',
    meaning: 'The host name cannot be resolved.',
    remedy: 'Correct the host name, or check the DNS settings of this machine.',
  },
  connection_refused: {
    class: 'ConnectionError',
    meaning: 'No server accepts connections at that address.',
    remedy: 'Check host and port, and that the server is running and reachable from here.',
  },
  connection_timeout: {
    class: 'ConnectionError',
    meaning: 'The server did not answer in time.',
    remedy: 'Check host, port and firewalls.',
  },
  connection_lost: {
    class: 'ConnectionError',
    meaning: 'The connection broke during the work.',
    remedy: 'Run again: it resumes from the saved state.',
  },
  server_answer_invalid: {
    class: 'ConnectionError',
    meaning: 'The answer of the server violates its protocol, or has fewer or more rows than the server counted.',
    remedy:
      'Run again. If it happens again, check that host and port are those of the server itself, and check any proxy in between.',
  },
  tls_refused: {
    class: 'ConnectionError',
    meaning: 'Client and server could not agree on TLS, or the certificate is not trusted.',
    remedy: 'Check the SSL settings and the certificates.',
  },
  login_refused: {
    class: 'ConnectionError',
    meaning: 'Unknown user or key, or wrong secret.',
    remedy: 'Check the user and the secret.',
  },
  database_unknown: {
    class: 'ConnectionError',
    meaning: 'The server has no database with that name.',
    remedy: 'Correct the name of the database.',
  },
  bucket_missing: {
    class: 'ConnectionError',
    meaning: 'The bucket does not exist.',
    remedy: 'Create the bucket, or correct its name.',
  },
  region_wrong: {
    class: 'ConfigError',
    meaning: 'The bucket is in another region than the one in the config.',
    remedy: 'Set the region that the message names.',
  },
  server_busy: {
    class: 'ConnectionError',
    meaning: 'The server failed or asked to slow down, even when the call was repeated.',
    remedy: 'Run again later.',
  },
  access_denied: {
    class: 'ConnectionError',
    meaning: 'The login succeeded, but a permission is missing.',
    remedy: 'Grant the permission that the message names.',
  },
  log_position_lost: {
    class: 'DataError',
    meaning: 'The server no longer has its log from the saved position on: changes are lost.',
    remedy:
      'Read the stream from its beginning (--full-refresh STREAM), and configure the server to keep its log for longer.',
  },
  copy_lost: {
    class: 'DataError',
    meaning:
      'The snapshot of the database from which a table was being copied no longer exists, so the rest of the table cannot be read as of the same moment.',
    remedy: 'Run again: the table is then copied from its beginning.',
  },
  value_unstorable: {
    class: 'DataError',
    meaning: 'The target cannot store a value: it does not fit the type of its column.',
    remedy: 'Correct the row in the source, or deselect the column.',
  },
  value_too_large: {
    class: 'DataError',
    meaning: 'The target cannot store a value: it is larger than its format allows.',
    remedy: 'Deselect the column, or choose a format without this limit.',
  },
  too_many_rejected: {
    class: 'DataError',
    meaning: 'The target rejects rows that it cannot store, and a stream has more of them than its settings allow.',
    remedy: 'Look at the rows that were rejected. Correct them in the source, or raise the limit.',
  },
  value_refused: {
    class: 'DataError',
    meaning: 'A value cannot be transferred, and the config says to fail on such values.',
    remedy: 'Correct the row, or choose another policy in the config.',
  },
  schema_invalid: {
    class: 'DataError',
    meaning: 'The schema of a stream is not a valid JSON Schema.',
    remedy: 'Correct the schema in the tap or the catalog.',
  },
  disk_full: {
    class: 'ConnectionError',
    exitCode: 1,
    meaning: 'A file cannot be written: the disk is full.',
    remedy: 'Free some space and run again.',
  },
  output_closed: {
    class: 'ProtocolError',
    meaning: 'The program that reads stdout has closed it.',
    remedy: 'Check the output of the next program in the pipe.',
  },
  line_invalid: {
    class: 'ProtocolError',
    meaning: 'A line of the input is not a Singer message.',
    remedy: 'Check what the tap wrote on that line. A truncated last line means that the tap died.',
  },
  record_before_schema: {
    class: 'ProtocolError',
    meaning: 'A RECORD arrived before the SCHEMA of its stream.',
    remedy: 'The tap must send the SCHEMA first.',
  },
  record_invalid: {
    class: 'ProtocolError',
    meaning: 'A record does not match the SCHEMA of its stream.',
    remedy: 'Correct the tap.',
  },
  connector_unloadable: {
    class: 'ConnectorError',
    meaning: 'The module of a connector was found, but cannot be loaded.',
    remedy: 'Install its dependencies, or build it. The message has the cause.',
  },
  claim_lost: {
    class: 'ConnectorError',
    meaning: 'Another run has taken over this part of the connection.',
    remedy: 'Make sure that only one run of a connection is in progress.',
  },
  contract_broken: {
    class: 'ConnectorError',
    meaning: 'A connector violated the contract of the interface.',
    remedy: 'Report it to the author of the connector.',
  },
  unexpected: {
    class: 'ConnectorError',
    meaning: 'An error without a more specific code.',
    remedy: 'Run again with --log-level debug, and report it to the author of the connector.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** A code of {@link errorCodes}; what it means never changes. */
export type ErrorCode = keyof typeof errorCodes;
