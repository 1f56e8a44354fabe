import type { ErrorCode } from 'c8connector';

/** What an error number of the server means for a reader of data, and the fix. */
export interface Cause {
  /** The class of the error is that of the code. */
  readonly class: 'ConnectionError' | 'DataError' | 'ConfigError';
  readonly code: ErrorCode;
  /** Precedes the message of the server. */
  readonly meaning: string;
  readonly remedy?: string;
  readonly isRetryable?: boolean;
  /** The property of the config that the user should look at. */
  readonly property?: 'user' | 'password' | 'database' | 'ssl_mode';
}

type Causes = readonly (readonly [readonly number[], Cause, message?: RegExp])[];

function refusedLogin(meaning: string, remedy: string, property: Cause['property'] = 'user'): Cause {
  return { class: 'ConnectionError', code: 'login_refused', meaning, remedy, property };
}

/** Errors that refuse a login or end a session, by number; the first match counts. */
const ofSessions: Causes = [
  [
    [3159],
    refusedLogin(
      'The server accepts only encrypted connections',
      'Set ssl_mode to require or verify-full: the server has require_secure_transport = ON.',
      'ssl_mode',
    ),
  ],
  [
    [1045],
    refusedLogin(
      'The server rejected the password of the user',
      'Correct user and password. The account must exist for the host that the message names. If it requires TLS, set ssl_mode to require; if it requires a certificate, set ssl_client_certificate and ssl_client_key.',
      'password',
    ),
  ],
  [
    [1698],
    refusedLogin(
      'The server rejected the login',
      'Correct the name of the user. If it is right, its account logs in without a password, for example through the Unix socket of the server: set host to the path of that socket, or give the account a password with ALTER USER.',
    ),
  ],
  [
    [1130],
    refusedLogin(
      'The server has no account for this computer',
      'Create an account for the host that the message names, or for all hosts, such as reader@%.',
    ),
  ],
  [
    [1251, 1524, 2059],
    refusedLogin(
      'The account cannot be used to log in',
      'Give the account an authentication plugin that the server has loaded, such as caching_sha2_password, with ALTER USER.',
    ),
  ],
  [
    [1820, 1862],
    refusedLogin(
      'The password of the user has expired',
      'Set a new password with ALTER USER, or ALTER USER … PASSWORD EXPIRE NEVER, and correct password.',
      'password',
    ),
  ],
  [
    [3118, 3955, 4151],
    refusedLogin('The account is locked', 'Ask the administrator of the server for ALTER USER … ACCOUNT UNLOCK.'),
  ],
  [
    [1129],
    {
      class: 'ConnectionError',
      code: 'connection_refused',
      meaning: 'The server blocks this computer after too many failed connections',
      remedy: 'Ask the administrator of the server for FLUSH HOSTS, or TRUNCATE performance_schema.host_cache.',
      property: 'user',
    },
  ],
  [
    [1040, 1203, 1226, 1135],
    {
      class: 'ConnectionError',
      code: 'connection_refused',
      meaning: 'The server accepts no connections right now',
      remedy:
        'Wait until other connections have ended, or raise max_connections of the server, or the limits of the user.',
      isRetryable: true,
    },
  ],
  [
    [1184, 1152],
    {
      class: 'ConnectionError',
      code: 'connection_lost',
      meaning: 'The server ended the session',
      remedy: 'Run again. If the message names init_connect, correct that setting of the server.',
      isRetryable: true,
    },
  ],
  [
    [4031],
    {
      class: 'ConnectionError',
      code: 'connection_lost',
      meaning: 'The server ended the session because it was idle for longer than wait_timeout',
      remedy: 'Run again.',
      isRetryable: true,
    },
  ],
  [
    [1053, 1077, 1078, 1079, 1080, 1156, 1157, 1158, 1159, 1160, 1161, 1927, 3169],
    {
      class: 'ConnectionError',
      code: 'connection_lost',
      meaning: 'The server ended the session',
      remedy: 'Run again once the server has started, or ask its administrator who ended the connection.',
      isRetryable: true,
    },
  ],
  [
    [1043, 1047],
    {
      class: 'ConnectionError',
      code: 'connection_refused',
      meaning: 'The server does not understand the connection',
      remedy: 'Check that host and port are those of MySQL or MariaDB.',
    },
  ],
];

/** Errors of statements, by number and, when one has several causes, by the message; the first match counts. */
const ofStatements: Causes = [
  [
    [1317, 1969, 3024],
    {
      class: 'ConnectionError',
      code: 'connection_lost',
      meaning: 'The server cancelled the query',
      remedy:
        'Run again. If the message names a time limit, raise it: max_statement_time of MariaDB, max_execution_time of MySQL.',
      isRetryable: true,
    },
  ],
  [
    [1205, 3572, 1637],
    {
      class: 'ConnectionError',
      code: 'server_busy',
      meaning: 'Another session holds a lock that the read waits for',
      remedy:
        'Run again once it has ended; SHOW PROCESSLIST and performance_schema.metadata_locks of the server show which one it is.',
      isRetryable: true,
    },
  ],
  [
    [1213, 1020, 1614],
    {
      class: 'ConnectionError',
      code: 'connection_lost',
      meaning: 'The server cancelled the query because of another transaction',
      remedy: 'Run again.',
      isRetryable: true,
    },
  ],
  [
    [1412, 1615],
    {
      class: 'DataError',
      code: 'stream_changed',
      meaning: 'The table changed while it was read',
      isRetryable: true,
    },
  ],
  [
    [1044, 1142, 1143, 1227, 1345, 1410],
    {
      class: 'ConnectionError',
      code: 'access_denied',
      meaning: 'The user lacks a privilege',
      remedy: 'Grant the user SELECT on the table, or on its columns.',
    },
  ],
  [
    [1370],
    {
      class: 'ConnectionError',
      code: 'access_denied',
      meaning: 'The user lacks a privilege',
      remedy: 'Grant the user, or the definer of the view, EXECUTE on the function.',
    },
  ],
  [
    [1045],
    {
      class: 'ConnectionError',
      code: 'access_denied',
      meaning: 'The definer of the view lacks a privilege',
      remedy: 'Create the view again with a definer that exists and may read its tables, or deselect the stream.',
    },
  ],
  [[1146, 1049, 1051, 1109], { class: 'ConfigError', code: 'stream_unknown', meaning: 'The table is gone' }],
  [[1054], { class: 'ConfigError', code: 'column_unknown', meaning: 'The column is gone' }],
  [
    [1305, 1350, 1356, 1449],
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'The view is invalid',
      remedy:
        'Fix the view: a table, column or function that it reads is missing, or its definer is missing or lacks privileges. Or deselect the stream.',
    },
  ],
  [
    [1286, 1477],
    {
      class: 'ConfigError',
      code: 'stream_unknown',
      meaning: 'The table cannot be read right now',
      remedy: 'Load the storage engine that the message names, or deselect the stream.',
    },
  ],
  [
    [1429, 1430, 1431, 1432, 1433, 1296, 1297],
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'The foreign server behind the table returns no rows',
      remedy: 'Check the foreign server and the connection of the table, or deselect the stream.',
    },
  ],
  [
    [1290, 1792, 1836],
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'Reading the view writes something, and the source reads in a read-only transaction',
      remedy: 'Fix the view that calls a function which writes, or deselect the stream.',
    },
  ],
  [
    [1153, 1162, 1301, 3554],
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'A value or a row is larger than the server can send',
      remedy: 'Raise max_allowed_packet of the server, deselect the column, or read a view that shortens it.',
    },
  ],
  [
    [126, 127, 134, 144, 145, 1033, 1034, 1035, 1194, 1195, 1712, 1812, 1932, 1942],
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'The table or its index is damaged',
      remedy:
        'Ask the administrator of the server to look in its log, and for CHECK TABLE and REPAIR TABLE; or deselect the stream.',
    },
  ],
  [
    [1030, 1016, 1017],
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'The table or its index is damaged',
      remedy:
        'Ask the administrator of the server to look in its log, and for CHECK TABLE and REPAIR TABLE; or deselect the stream.',
    },
    /error (?:12[67]|134|14[45]|17[56])\b|errno: (?:2|12[67]|134|14[45])\b/,
  ],
  [
    [3, 5, 28, 1021, 1023, 1024, 1026, 1030, 1114, 3675],
    {
      class: 'ConnectionError',
      code: 'server_busy',
      meaning: 'The server ran out of a resource',
      remedy: 'Ask the administrator of the server to free resources, and run again.',
      isRetryable: true,
    },
  ],
  [
    [1037, 1038, 1041, 1104, 1119, 1206, 1436, 1456, 1473],
    {
      class: 'ConnectionError',
      code: 'server_busy',
      meaning: 'The server ran out of memory or reached a limit',
      remedy: 'Raise the limit of the server that the message names, simplify the view, or deselect the stream.',
    },
  ],
  [
    [1267, 1270, 1271, 1273, 1300, 1366, 1977, 3854],
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'A value is not valid text in its character set',
      remedy: 'Correct the value or the view, or deselect the column.',
    },
  ],
  [
    [1172, 1242, 1365, 1411, 1416, 1426, 1441, 1690, 3037, 3140, 3141, 3146, 3156, 3157],
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'The server cannot return a value',
      remedy: 'Correct the row or the view, or deselect the stream.',
    },
  ],
];

/** What an error of the server is about. */
interface ServerError {
  readonly number: number;
  readonly message: string;
}

function causeIn(causes: Causes, { number, message }: ServerError): Cause | undefined {
  return causes.find(
    ([numbers, , text]) => numbers.includes(number) && (text === undefined || text.test(message)),
  )?.[1];
}

/** The cause of an error that refused a login or ended a session, whatever was read; undefined for any other error. */
export function sessionCauseOf(error: ServerError): Cause | undefined {
  return causeIn(ofSessions, error);
}

/** The cause of the error of a statement; undefined for one without a specific fix. */
export function statementCauseOf(error: ServerError): Cause | undefined {
  return causeIn(ofStatements, error);
}
