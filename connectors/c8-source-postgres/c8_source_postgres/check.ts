import {
  type CheckContext,
  type CheckResult,
  type CheckStep,
  ConfigError,
  ConnectionError,
  isC8Error,
} from 'c8connector';
import { counted, findAddress, listed, reachServer, streamId, tlsResult, unknownNames } from 'c8connector-sql';
import { findRelations, type Relation } from './catalog.ts';
import { checkIncremental } from './check-incremental.ts';
import { connectTimeout } from './client.ts';
import type { PostgresConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { translateError } from './errors.ts';
import { filterOf, filterProperties } from './filter.ts';
import { followsLog, logSteps } from './log/check-log.ts';
import { connectForReading } from './reading.ts';
import { findRowSecurity, type RowSecurity, rowSecurityRemedy } from './row-security.ts';

/** The steps of `validate`: address, connection, TLS, login, privileges, tables, and what INCREMENTAL could miss. Changes nothing on the server. */
export async function* check({ config, signal }: CheckContext<PostgresConfig>): AsyncGenerator<CheckStep> {
  let login: Connection | Error | undefined;
  let found: Awaited<ReturnType<typeof findRelations>> = { readable: [], unreadable: [] };

  const translate = (error: unknown) => translateError(error, config);
  const socketPath = config.host.startsWith('/') ? `${config.host}/.s.PGSQL.${config.port}` : undefined;
  const reach = () => reachServer(config, { socketPath, timeout: connectTimeout, signal }, translate);

  async function agreeOnTls(): Promise<CheckResult> {
    login = await connectForReading(config, signal).catch((error: Error) => error);
    const isOfLater =
      !(login instanceof Error) || !(isC8Error(login) && ['tls_refused', 'config_invalid'].includes(login.code));
    if (!isOfLater) throw login;
    // A refused login was refused after the TLS handshake, so TLS worked.
    return tlsResult(config, login instanceof Error ? undefined : login.client.connection.stream);
  }

  function logIn(): CheckResult {
    if (login instanceof Error) throw login;
    return `Logged in as ${config.user} to the database ${config.dbname}.`;
  }

  async function checkPrivileges(): Promise<CheckResult> {
    const { client, awaiting } = loggedIn(login);
    try {
      found = await awaiting(findRelations(client, filterOf(config)));
      const oids = found.readable.map(({ oid }) => oid);
      return privilegesResult(config, found, await awaiting(findRowSecurity(client, oids)));
    } catch (error) {
      throw translateError(error, config);
    }
  }

  async function checkNewRows(): Promise<CheckResult> {
    const { awaiting, client } = loggedIn(login);
    try {
      return await checkIncremental({ awaiting, client }, config, found.readable);
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
      property: 'filter_table',
      run: () => tablesResult(config, found.readable),
    };
    if (config.replication_method === 'INCREMENTAL') {
      const label = 'Check for rows that INCREMENTAL could miss';
      yield { id: 'incremental', label, property: 'replication_method', run: checkNewRows };
    }
    if (followsLog(config)) yield* logSteps(config, () => ({ login: loggedIn(login), readable: found.readable }));
  } finally {
    if (login !== undefined && !(login instanceof Error)) await login[Symbol.asyncDispose]();
  }
}

function privilegesResult(
  config: PostgresConfig,
  { readable, unreadable }: { readable: readonly Relation[]; unreadable: readonly Relation[] },
  rowSecurity: RowSecurity,
): CheckResult {
  const grant = `Grant ${config.user} USAGE on the schema and SELECT on the tables.`;
  if (readable.length === 0 && unreadable.length > 0)
    throw new ConnectionError(`The role may not read any table: it lacks the privileges for ${listed(unreadable)}.`, {
      code: 'access_denied',
      remedy: grant,
    });
  const warnings: { message: string; remedy: string }[] = [];
  if (unreadable.length > 0)
    warnings.push({ message: `The role may not read ${counted(unreadable)}: ${listed(unreadable)}.`, remedy: grant });
  const policed = readable.filter(({ oid }) => rowSecurity.tables.has(oid));
  if (policed.length > 0) {
    const what = `${counted(policed)}: ${listed(policed)}`;
    warnings.push({
      message: rowSecurity.isHiding
        ? `Row-level security may hide rows of ${what}.`
        : `Because of row-level security, and since the role has row_security = off, the server refuses to read ${what}.`,
      remedy: rowSecurityRemedy(config.user),
    });
  }
  if (warnings.length === 0) return `The role may read everything: ${counted(readable)}.`;
  return {
    status: 'warning',
    message: warnings.map(({ message }) => message).join(' '),
    remedy: warnings.map(({ remedy }) => remedy).join(' '),
  };
}

function tablesResult(config: PostgresConfig, readable: readonly Relation[]): CheckResult {
  const filter = filterOf(config);
  const unknown = unknownNames(filter, readable, filterProperties);
  if (readable.length === 0) {
    const isFiltered = unknown.length > 0;
    const why = isFiltered ? `no table matches ${unknown.join(', ')}` : `the database ${config.dbname} has no table`;
    throw new ConfigError(`No tables were discovered: ${why}.`, {
      code: 'stream_unknown',
      remedy: isFiltered
        ? 'Correct the filters: names are case-sensitive, and a name with a comma needs double quotes.'
        : 'Check the name of the database.',
      details: {
        property:
          filter.tables !== undefined ? 'filter_table' : filter.schemas !== undefined ? 'filter_schemas' : 'dbname',
      },
    });
  }
  if (unknown.length > 0) {
    return {
      status: 'warning',
      message: `No readable table matches ${unknown.join(', ')}.`,
      remedy: 'Correct the filters, or grant the role the right to read.',
    };
  }
  const unpopulated = readable.filter(({ isUnpopulated }) => isUnpopulated);
  if (unpopulated.length > 0) {
    return {
      status: 'warning',
      message: `Materialized views that were never refreshed cannot be read: ${listed(unpopulated)}.`,
      remedy: 'Run REFRESH MATERIALIZED VIEW, or do not select them.',
    };
  }
  const first = readable.slice(0, 3).map(streamId).join(', ');
  return `Found ${counted(readable)}: ${first}${readable.length > 3 ? ', …' : ''}.`;
}

function loggedIn(login: Connection | Error | undefined): Connection {
  if (login === undefined || login instanceof Error)
    throw new ConnectionError('Not logged in.', { code: 'connection_lost' });
  return login;
}
