import type { Cause, Causes } from './cause.ts';

function refusedLogin(meaning: string, remedy: string, property: Cause['property'] = 'user'): Cause {
  return { class: 'ConnectionError', code: 'login_refused', meaning, remedy, property };
}

/** Errors that refuse a login or end a session, by number; the first match counts. */
export const ofSessions: Causes = [
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
      'The server rejected the user or the password',
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
      'Give the account an authentication plugin that the server has loaded, such as caching_sha2_password on MySQL or mysql_native_password on MariaDB, with ALTER USER.',
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
      remedy:
        'Ask the administrator of the server for FLUSH HOSTS on MariaDB, or TRUNCATE TABLE performance_schema.host_cache on MySQL.',
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
