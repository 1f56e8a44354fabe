/** Who must act on an error: the name of its class. */
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
  /** What to do, as one sentence. */
  readonly remedy: string;
  /** Where it differs from that of the class. */
  readonly exitCode?: number;
}

/** Every code that the core and the reference connectors use; `docs/errors.md` is made from it. Codes never change their meaning. */
export const errorCodes = {
  config_invalid: {
    class: 'ConfigError',
    meaning: 'One or more properties of the config are missing or wrong.',
    remedy: 'Correct the properties that the message names.',
  },
  config_unreadable: {
    class: 'ConfigError',
    meaning: 'The config file cannot be read or is not a JSON object.',
    remedy: 'Check that the file exists and holds one JSON object.',
  },
  catalog_unreadable: {
    class: 'ConfigError',
    meaning: 'The catalog file cannot be read or is not a Singer catalog.',
    remedy: 'Write it anew with --discover.',
  },
  catalog_invalid: {
    class: 'ConfigError',
    meaning: 'The catalog asks for something that is unclear, or that the source cannot do.',
    remedy: 'Correct what the message names in the catalog.',
  },
  state_unreadable: {
    class: 'ConfigError',
    meaning: 'The state file cannot be read or is not a Singer state.',
    remedy: 'Restore the file, or remove it to start from the beginning.',
  },
  state_unfinished: {
    class: 'ConfigError',
    meaning:
      'A state is to be kept for another place of the target, but its last run was interrupted, or a stream is copied in part.',
    remedy:
      'Run at the old place until all streams are done, then copy its data and keep the state. Or begin anew: the streams that are named by --full-refresh, or all without --keep-state.',
  },
  connection_file_invalid: {
    class: 'ConfigError',
    meaning: 'The connection file cannot be read or says something unknown.',
    remedy: 'Correct what the message names.',
  },
  alert_file_invalid: {
    class: 'ConfigError',
    meaning: 'The file of the alerts cannot be read or says something unknown.',
    remedy: 'Correct what the message names.',
  },
  input_unreadable: {
    class: 'ConfigError',
    meaning: 'The file with the input of an action cannot be read or does not hold an object.',
    remedy: 'Give a file in YAML or JSON that holds one object.',
  },
  call_invalid: {
    class: 'ConfigError',
    meaning: 'The command line is wrong.',
    remedy: 'See --help.',
  },
  input_invalid: {
    class: 'ConfigError',
    meaning: 'The input of an action is missing a property, or one is wrong.',
    remedy: 'Correct the properties that the message names.',
  },
  action_unknown: {
    class: 'ConfigError',
    meaning: 'The integration has no action of that name.',
    remedy: 'See about for the actions that it has.',
  },
  action_refused: {
    class: 'DataError',
    meaning: 'The service understood the call and refused it; its own error code stands in the message.',
    remedy: 'Do what the message says, or see the documentation of the service.',
  },
  rate_limited: {
    class: 'ConnectionError',
    exitCode: 1,
    meaning: 'The service asks for more patience than the call had.',
    remedy: 'Run again later.',
  },
  outcome_unknown: {
    class: 'ConnectionError',
    exitCode: 1,
    meaning: 'The connection broke after the call was sent: nobody knows whether the service did it.',
    remedy: 'Look in the service whether it was done, or allow the retry in the config.',
  },
  stream_unknown: {
    class: 'ConfigError',
    meaning: 'A selected stream does not exist in the source, or the role may not read it.',
    remedy: 'List the streams with discover, and correct the name.',
  },
  stream_ambiguous: {
    class: 'ConfigError',
    meaning: 'Two relations of the source have the same stream id.',
    remedy: 'Leave one of them out with the filters of the config.',
  },
  column_unknown: {
    class: 'ConfigError',
    meaning: 'A selected column does not exist in its stream.',
    remedy: 'List the columns with schemas, and correct the name.',
  },
  stream_changed: {
    class: 'DataError',
    meaning: 'The columns of a stream changed after its schema was sent.',
    remedy: 'Run again: the schema is read anew.',
  },
  method_unsupported: {
    class: 'ConfigError',
    meaning: 'The source cannot read the stream with the replication method that was asked for.',
    remedy: 'Choose one of the methods that the message names.',
  },
  slot_missing: {
    class: 'ConfigError',
    meaning: 'The service of the source keeps no slot for the connection.',
    remedy: 'Check that the connection and its state file are those of the slot.',
  },
  slot_unsupported: {
    class: 'ConfigError',
    meaning: 'The service of the source keeps nothing for a connection, so that there is no slot to be dropped.',
    remedy: 'Name a connection whose source follows a log.',
  },
  connector_unknown: {
    class: 'ConfigError',
    meaning: 'No connector of that name is installed.',
    remedy: 'Install the package, or correct the name; list shows what is installed.',
  },
  state_locked: {
    class: 'ConfigError',
    meaning: 'Another run of the same connection is under way.',
    remedy: 'Wait for it, or stop it.',
  },
  driver_missing: {
    class: 'ConfigError',
    meaning: 'A package that this setting needs is not installed.',
    remedy: 'Install the package that the message names.',
  },
  host_unknown: {
    class: 'ConnectionError',
    meaning: 'The name of the host cannot be resolved.',
    remedy: 'Correct the host name, or the name server of this machine.',
  },
  connection_refused: {
    class: 'ConnectionError',
    meaning: 'Nothing accepts connections at that address.',
    remedy: 'Check host, port, and that the server is running and reachable from here.',
  },
  connection_timeout: {
    class: 'ConnectionError',
    meaning: 'The server did not answer in time.',
    remedy: 'Check host, port and firewalls.',
  },
  connection_lost: {
    class: 'ConnectionError',
    meaning: 'The connection broke in the middle of the work.',
    remedy: 'Run again: it goes on from the saved state.',
  },
  server_answer_invalid: {
    class: 'ConnectionError',
    meaning: 'The server answered what its protocol does not allow, or fewer or more rows than it counted.',
    remedy:
      'Run again. If it happens again, check that host and port lead to the server itself, and what stands between.',
  },
  tls_refused: {
    class: 'ConnectionError',
    meaning: 'The two sides do not agree on TLS, or the certificate is not trusted.',
    remedy: 'Check the ssl settings and the certificates.',
  },
  login_refused: {
    class: 'ConnectionError',
    meaning: 'The server knows the user or the key not at all, or not with this secret.',
    remedy: 'Check the user and the secret.',
  },
  database_unknown: {
    class: 'ConnectionError',
    meaning: 'The server has no database of that name.',
    remedy: 'Correct the name of the database.',
  },
  bucket_missing: {
    class: 'ConnectionError',
    meaning: 'The bucket does not exist.',
    remedy: 'Create the bucket, or correct its name.',
  },
  region_wrong: {
    class: 'ConfigError',
    meaning: 'The bucket lies in another region than the config says.',
    remedy: 'Set the region that the message names.',
  },
  server_busy: {
    class: 'ConnectionError',
    meaning: 'The server answered, but failed or asked to slow down, also when the call was repeated.',
    remedy: 'Run again later.',
  },
  access_denied: {
    class: 'ConnectionError',
    meaning: 'The login works, but a right is missing.',
    remedy: 'Grant the right that the message names.',
  },
  log_position_lost: {
    class: 'DataError',
    meaning: 'The server does not have its log any more from where it is to be read on: changes are missing.',
    remedy: 'Read the stream from its beginning (--full-refresh STREAM), and let the server keep its log for longer.',
  },
  copy_lost: {
    class: 'DataError',
    meaning:
      'The snapshot of the source in which the parts of a table were copied is gone, and the rest of them cannot be read as of the same moment.',
    remedy: 'Run again: the copy of the table begins anew.',
  },
  value_unstorable: {
    class: 'DataError',
    meaning: 'A value of a row does not fit the type of its column in the target.',
    remedy: 'Correct the row in the source, or leave the column out.',
  },
  value_refused: {
    class: 'DataError',
    meaning: 'A value of a row cannot be carried, and the config says to fail on such values.',
    remedy: 'Correct the row, or choose another policy in the config.',
  },
  schema_invalid: {
    class: 'DataError',
    meaning: 'The schema of a stream is not a JSON Schema that can be used.',
    remedy: 'Correct the schema in the tap or the catalog.',
  },
  disk_full: {
    class: 'ConnectionError',
    exitCode: 1,
    meaning: 'A file cannot be written: no space is left.',
    remedy: 'Make room and run again.',
  },
  output_closed: {
    class: 'ProtocolError',
    meaning: 'The reader of stdout went away.',
    remedy: 'See what the next program in the pipe says.',
  },
  line_invalid: {
    class: 'ProtocolError',
    meaning: 'A line of the input is not a Singer message.',
    remedy: 'See what the tap wrote on that line; a truncated last line means that it died.',
  },
  record_before_schema: {
    class: 'ProtocolError',
    meaning: 'A RECORD came before the SCHEMA of its stream.',
    remedy: 'The tap must send the SCHEMA first.',
  },
  record_invalid: {
    class: 'ProtocolError',
    meaning: 'A record breaks what the SCHEMA of its stream promises.',
    remedy: 'Correct the tap.',
  },
  connector_unloadable: {
    class: 'ConnectorError',
    meaning: 'The module of a connector is found and cannot be loaded.',
    remedy: 'Install its dependencies, or build it; see what the message says.',
  },
  claim_lost: {
    class: 'ConnectorError',
    meaning: 'Another run works on the same part of the connection now.',
    remedy: 'See to it that only one run of a connection is under way.',
  },
  contract_broken: {
    class: 'ConnectorError',
    meaning: 'A connector broke the contract of the interface.',
    remedy: 'Report it to the author of the connector.',
  },
  unexpected: {
    class: 'ConnectorError',
    meaning: 'An error that the connector does not translate.',
    remedy: 'Run again with --log-level debug, and report it to the author of the connector.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** A code of {@link errorCodes}; what it means never changes. */
export type ErrorCode = keyof typeof errorCodes;
