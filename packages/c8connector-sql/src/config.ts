import type { ConfigDeclaration } from 'c8connector';

/** How tables are read, and from where on. */
export const replicationProperties = {
  replication_method: {
    type: 'options',
    options: ['FULL_TABLE', 'INCREMENTAL', 'LOG_BASED'],
    displayName: 'Replication Method',
    description:
      'How tables are read when the catalog does not choose. FULL_TABLE copies all rows in each run. INCREMENTAL reads rows whose replication key is at least the highest one of the last run. LOG_BASED copies a table once and then reads its changes from the log of the server. A table that does not support the method is copied.',
    defaultValue: 'FULL_TABLE',
    group: 'Tables',
  },
  start_date: {
    type: 'date_iso8601',
    displayName: 'Start Date',
    description: 'If the replication key is a date or a time, INCREMENTAL skips rows that are older than this.',
    isDynamic: true,
    placeholderValue: '2024-01-01T00:00:00Z',
    group: 'Tables',
  },
  lookback_seconds: {
    type: 'integer',
    displayName: 'Lookback',
    description:
      'If the replication key is a date or a time, INCREMENTAL starts this many seconds before the last key, so that rows that were committed late are not missed.',
    defaultValue: 0,
    minimum: 0,
    isDynamic: true,
    group: 'Tables',
  },
} as const satisfies ConfigDeclaration;

/** Encryption of the connection. */
export const tlsProperties = {
  ssl_mode: {
    type: 'options',
    options: ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'],
    displayName: 'SSL Mode',
    description:
      'disable never encrypts, prefer encrypts when the server can, require always encrypts, verify-ca also checks who signed the certificate, verify-full also checks the host name in it.',
    defaultValue: 'prefer',
    group: 'TLS',
  },
  ssl_root_ca_cert: {
    type: 'file',
    displayName: 'SSL CA Certificate',
    description:
      'PEM certificate of the authority that signed the certificate of the server. If not set, the public authorities are trusted.',
    placeholderValue: 'my_ca_certificate',
    when: { property: 'ssl_mode', oneOf: ['verify-ca', 'verify-full'] },
    group: 'TLS',
  },
  ssl_client_certificate: {
    type: 'file',
    displayName: 'SSL Client Certificate',
    description: 'PEM client certificate, for servers that ask for one.',
    placeholderValue: 'my_client_certificate',
    when: { property: 'ssl_mode', oneOf: ['prefer', 'require', 'verify-ca', 'verify-full'] },
    group: 'TLS',
    isAdvanced: true,
  },
  ssl_client_key: {
    type: 'file',
    displayName: 'SSL Client Key',
    description: 'PEM private key of the client certificate.',
    isSecret: true,
    placeholderValue: 'my_client_key',
    when: { property: 'ssl_mode', oneOf: ['prefer', 'require', 'verify-ca', 'verify-full'] },
    group: 'TLS',
    isAdvanced: true,
  },
  ssl_client_password: {
    type: 'password',
    displayName: 'SSL Client Password',
    description: 'Passphrase of the client key, if it is encrypted.',
    placeholderValue: 'my_client_password',
    when: { property: 'ssl_mode', oneOf: ['prefer', 'require', 'verify-ca', 'verify-full'] },
    group: 'TLS',
    isAdvanced: true,
  },
} as const satisfies ConfigDeclaration;

/** Into how many ranges a table is split when it is copied. */
export const partitionsProperty = {
  type: 'integer',
  displayName: 'Ranges per Table',
  description:
    'Number of ranges into which a table is split when it is copied. They are read in parallel, up to the concurrency of the run, each on its own connection.',
  defaultValue: 1,
  minimum: 1,
  maximum: 1000,
  isDynamic: true,
  group: 'Copies',
  isAdvanced: true,
} as const satisfies ConfigDeclaration[string];

/** What to do when the log cannot be resumed. */
export const lostPositionProperty = {
  type: 'options',
  options: ['fail', 'resync'],
  displayName: 'On Lost Position',
  description:
    'What to do when the server no longer has the changes from which LOG_BASED should resume: fail, or resync, which copies the tables again.',
  defaultValue: 'fail',
  group: 'Change log',
  isAdvanced: true,
} as const satisfies ConfigDeclaration[string];

/** How often the heartbeat table is written to. */
export const heartbeatProperty = {
  type: 'integer',
  displayName: 'Heartbeat Interval',
  description: 'Seconds between writes to the heartbeat table.',
  defaultValue: 60,
  minimum: 1,
  group: 'Change log',
  isAdvanced: true,
} as const satisfies ConfigDeclaration[string];
