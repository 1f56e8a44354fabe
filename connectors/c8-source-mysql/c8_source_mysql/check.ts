import {
  type CheckContext,
  type CheckResult,
  type CheckStep,
  ConfigError,
  ConnectionError,
  isC8Error,
} from 'c8connector';
import { counted, findAddress, listed, reachServer, streamId, tlsResult, unknownNames } from 'c8connector-sql';
import type { Table } from './catalog.ts';
import { checkIncremental } from './check-incremental.ts';
import { connectTimeout } from './client.ts';
import type { MysqlConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { driverOf } from './driver.ts';
import { translateError } from './errors.ts';
import { filterOf, filterProperties } from './filter.ts';
import { followsLog, logSteps } from './log/check-log.ts';
import { type FoundTables, findReadable } from './privileges.ts';
import { connectForReading } from './reading.ts';

/** The steps of `validate`: address, connection, TLS, login, privileges, tables, and what INCREMENTAL could miss. Changes nothing on the server. */
export async function* check({ config, signal }: CheckContext<MysqlConfig>): AsyncGenerator<CheckStep> {
  let login: Connection | Error | undefined;
  let found: FoundTables = { readable: [], unreadable: [], partial: [], invalid: [] };

  const translate = (error: unknown) => translateError(error, config);
  const socketPath = config.host.startsWith('/') ? config.host : undefined;
  const address = socketPath === undefined ? config : { ...config, port: 0 };
  const reach = () => reachServer(address, { socketPath, timeout: connectTimeout, signal }, translate);

  async function agreeOnTls(): Promise<CheckResult> {
    login = await connectForReading(config, signal).catch((error: Error) => error);
    const isOfLater =
      !(login instanceof Error) || !(isC8Error(login) && ['tls_refused', 'config_invalid'].includes(login.code));
    if (!isOfLater) throw login;
    // A refused login was refused after the TLS handshake, so TLS worked.
    return tlsResult(config, login instanceof Error ? undefined : driverOf(login).stream);
  }

  function logIn(): CheckResult {
    if (login instanceof Error) throw login;
    const { flavour, version } = loggedIn(login).server;
    return `Logged in as ${config.user} to ${flavour} ${Math.floor(version)}.${Math.round((version % 1) * 100)}.`;
  }

  async function checkPrivileges(): Promise<CheckResult> {
    const connection = loggedIn(login);
    try {
      found = await connection.awaiting(findReadable(connection, config));
      return privilegesResult(config, found);
    } catch (error) {
      throw translateError(error, config);
    }
  }

  async function checkNewRows(): Promise<CheckResult> {
    try {
      return await checkIncremental(loggedIn(login), config, found.readable);
    } catch (error) {
      throw translateError(error, config);
    }
  }

  try {
    yield { id: 'address', label: 'Find the server', property: 'host', run: () => findAddress(config, translate) };
    yield { id: 'connection', label: 'Reach the server', property: 'port', run: reach };
    yield { id: 'tls', label: 'Negotiate TLS', property: 'ssl_mode', run: agreeOnTls };
    yield { id: 'login', label: 'Log in', property: 'user', run: logIn };
    yield { id: 'privileges', label: 'Check the privileges', property: 'user', run: checkPrivileges };
    yield {
      id: 'tables',
      label: 'Find the tables',
      property: 'source_table',
      run: () => tablesResult(config, found),
    };
    if (config.replication_method === 'INCREMENTAL') {
      const label = 'Check for rows that INCREMENTAL could miss';
      yield { id: 'incremental', label, property: 'replication_method', run: checkNewRows };
    }
    if (followsLog(config)) yield* logSteps(config, () => ({ login: loggedIn(login), signal }));
  } finally {
    if (login !== undefined && !(login instanceof Error)) await login[Symbol.asyncDispose]();
  }
}

function privilegesResult(config: MysqlConfig, { readable, unreadable, partial }: FoundTables): CheckResult {
  const grant = `Grant ${config.user} SELECT on the tables.`;
  if (readable.length === 0 && unreadable.length > 0)
    throw new ConnectionError(`The user may not read any table: it lacks the privileges for ${listed(unreadable)}.`, {
      code: 'access_denied',
      remedy: grant,
    });
  const warnings: string[] = [];
  if (unreadable.length > 0) warnings.push(`The user may not read ${counted(unreadable)}: ${listed(unreadable)}.`);
  if (partial.length > 0)
    warnings.push(`The user may read only some columns of ${counted(partial)}: ${listed(partial)}.`);
  if (warnings.length === 0)
    return readable.length === 0 ? 'No privilege is missing.' : `The user may read everything: ${counted(readable)}.`;
  return { status: 'warning', message: warnings.join(' '), remedy: grant };
}

function tablesResult(config: MysqlConfig, { readable, invalid }: FoundTables): CheckResult {
  const filter = filterOf(config);
  const unknown = unknownNames(filter, [...readable, ...invalid], filterProperties);
  const grant = `grant ${config.user} SELECT on the tables: the server hides what the user may not read`;
  if (readable.length === 0 && invalid.length === 0) {
    throw new ConfigError(`No tables were discovered: no table that the user may read matches ${unknown.join(', ')}.`, {
      code: 'stream_unknown',
      remedy: `Correct the names, which are case-sensitive on most servers, or ${grant}.`,
      details: { property: propertyOf(filter.tables !== undefined, unknown) },
    });
  }
  if (unknown.length > 0) {
    return {
      status: 'warning',
      message: `No readable table matches ${unknown.join(', ')}.`,
      remedy: `Correct the names, or ${grant}.`,
    };
  }
  if (invalid.length > 0) {
    return {
      status: 'warning',
      message: `Views that are invalid cannot be read: ${listed(invalid)}.`,
      remedy:
        'Fix them: a table, column or function that they read is missing, or their definer is missing or lacks privileges. Or do not select them.',
    };
  }
  return foundResult(readable);
}

function foundResult(readable: readonly Table[]): CheckResult {
  const first = readable.slice(0, 3).map(streamId).join(', ');
  return `Found ${counted(readable)}: ${first}${readable.length > 3 ? ', …' : ''}.`;
}

/** The property to correct when no table was found: the database, unless a table was named in it. */
function propertyOf(hasTables: boolean, unknown: readonly string[]): string {
  const { schemas, tables } = filterProperties;
  return hasTables && unknown.some((name) => name.startsWith(`${tables}:`)) ? tables : schemas;
}

function loggedIn(login: Connection | Error | undefined): Connection {
  if (login === undefined || login instanceof Error)
    throw new ConnectionError('Not logged in.', { code: 'connection_lost' });
  return login;
}
