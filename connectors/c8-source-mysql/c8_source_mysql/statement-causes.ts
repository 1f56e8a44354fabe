import type { Causes } from './cause.ts';

/** Errors of statements, by number and, when one has several causes, by the message; the first match counts. */
export const ofStatements: Causes = [
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
