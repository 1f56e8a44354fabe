import type { ErrorCode } from 'c8connector';

/** What an SQLSTATE means for a reader of data, and the fix. */
export interface Cause {
  /** The class of the error is that of the code. */
  readonly class: 'ConnectionError' | 'DataError' | 'ConfigError';
  readonly code: ErrorCode;
  /** Precedes the message of the server. */
  readonly meaning: string;
  readonly remedy: string;
  readonly isRetryable?: boolean;
}

function timeout(setting: string): Cause {
  return {
    class: 'ConnectionError',
    code: 'connection_lost',
    meaning: `The server ended the session because of ${setting}`,
    remedy: `Disable it for the role, for example with ALTER ROLE reader SET ${setting} = 0, or in the pooler.`,
  };
}

/** Causes by SQLSTATE and, when one has several causes, by the message; the first match counts. */
const causes: readonly (readonly [RegExp, Cause, message?: RegExp])[] = [
  [/^25P04$/, timeout('transaction_timeout')],
  [/^25P03$/, timeout('idle_in_transaction_session_timeout')],
  [/^57P05$/, timeout('idle_session_timeout')],
  [
    /^08P01$/,
    {
      class: 'ConfigError',
      code: 'method_unsupported',
      meaning: 'A pooler does not pass on what LOG_BASED needs',
      remedy: 'Set host and port to the server itself instead of a pooler such as PgBouncer.',
    },
    /startup parameter: replication/,
  ],
  [
    /^08P01$/,
    {
      class: 'ConnectionError',
      code: 'connection_refused',
      meaning: 'The server, or a pooler in front of it, rejects a startup parameter',
      remedy: 'Allow the parameter that the message names, for example with ignore_startup_parameters of PgBouncer.',
    },
    /startup parameter/,
  ],
  [
    /^57P04$/,
    {
      class: 'ConnectionError',
      code: 'database_unknown',
      meaning: 'The database was dropped',
      remedy: 'Correct the name of the database.',
    },
  ],
  [
    /^53300$/,
    {
      class: 'ConnectionError',
      code: 'connection_refused',
      meaning: 'The server accepts no connections right now',
      remedy:
        'Wait until other connections have ended, or raise the connection limit of the role, the database or the server.',
      isRetryable: true,
    },
  ],
  [
    /^57P03$/,
    {
      class: 'ConnectionError',
      code: 'connection_refused',
      meaning: 'The server accepts no connections right now',
      remedy: 'Run again once the server has started, or has recovered.',
      isRetryable: true,
    },
  ],
  [
    /^57014$/,
    {
      class: 'ConnectionError',
      code: 'connection_lost',
      meaning: 'The server cancelled the query',
      remedy:
        'Run again. If a statement_timeout was the cause, disable it: ALTER ROLE reader SET statement_timeout = 0, or in the pooler.',
      isRetryable: true,
    },
  ],
  [
    /^55P03$/,
    {
      class: 'ConnectionError',
      code: 'server_busy',
      meaning: 'Another session holds a lock that the read waits for',
      remedy: 'Run again once it has ended; pg_locks and pg_stat_activity of the server show which one it is.',
      isRetryable: true,
    },
  ],
  [
    /^(?:40001|40P01|72000)$/,
    {
      class: 'ConnectionError',
      code: 'connection_lost',
      meaning: 'The server cancelled the query',
      remedy:
        'Run again. On a standby, set hot_standby_feedback to on or raise max_standby_streaming_delay, so that long reads are not cancelled.',
      isRetryable: true,
    },
  ],
  [
    /^25006$/,
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'Reading the table or view writes something, and the source reads in a read-only transaction',
      remedy: 'Fix the view or the policy that calls a function which writes, or deselect the stream.',
    },
  ],
  [
    /^(?:54...|XX000)$/,
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'A value or a row is larger than the server can send',
      remedy:
        'Deselect the column, or read a view that shortens it: a value of more than about 500 MB cannot be sent as text.',
    },
    /memory alloc request size|enlarge string buffer|string buffer exceeds|out of memory/,
  ],
  [
    /^53200$|^54/,
    {
      class: 'ConnectionError',
      code: 'server_busy',
      meaning: 'The server ran out of memory or reached a limit',
      remedy: 'Raise the limit of the server that the message names, simplify the view, or deselect the stream.',
    },
  ],
  [
    /^53/,
    {
      class: 'ConnectionError',
      code: 'server_busy',
      meaning: 'The server ran out of a resource',
      remedy: 'Ask the administrator of the server to free resources, and run again.',
      isRetryable: true,
    },
  ],
  [
    /^XX00[12]$/,
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'The table or its index is damaged',
      remedy:
        'Ask the administrator of the server to look in its log, and to REINDEX or restore the table; or deselect the stream.',
    },
  ],
  [
    /^58/,
    {
      class: 'ConnectionError',
      code: 'server_busy',
      meaning: 'The server cannot read its own files',
      remedy: 'Ask the administrator of the server to look in its log, and run again.',
    },
  ],
  [
    /^55000$/,
    {
      class: 'ConfigError',
      code: 'stream_unknown',
      meaning: 'The table or view cannot be read right now',
      remedy: 'Add the library to shared_preload_libraries of the server, or deselect the stream.',
    },
    /shared_preload_libraries/,
  ],
  [
    /^(?:HV|08(?!P01))/,
    {
      class: 'DataError',
      code: 'value_refused',
      meaning: 'The foreign server behind the table returns no rows',
      remedy: 'Check the foreign server and the user mapping of the role, or deselect the stream.',
    },
  ],
];

/** The cause of a server error; undefined for one without a specific fix. */
export function causeOf({ code, message }: { readonly code: string; readonly message: string }): Cause | undefined {
  return causes.find(([state, , text]) => state.test(code) && (text === undefined || text.test(message)))?.[1];
}
