import { dirname } from 'node:path';
import type { SourceConnector, TargetConnector } from 'c8connector';
import { type C8Connector, ConfigError, isC8Error, isSource, isTarget, parseConfig } from 'c8connector';
import type { Connection, End } from './connection-file.ts';
import { loadConnector } from './connectors.ts';
import { resolveValues } from './resolve-values.ts';
import type { Session } from './session.ts';

/** Both ends of a connection, ready to run. */
export interface Ends {
  readonly source: SourceConnector;
  readonly sourceConfig: Readonly<Record<string, unknown>>;
  readonly target: TargetConnector;
  readonly targetConfig: Readonly<Record<string, unknown>>;
}

/** Loads both connectors, resolves and checks both configs. Everything that is wrong with either config is told at once. */
export async function loadEnds(connection: Connection, session: Session): Promise<Ends> {
  const folders = { packages: session.folder, paths: dirname(connection.file) };
  const source = await loadConnector(connection.source.connector, folders);
  if (!isSource(source)) throw wrongType('source', connection.source, source);
  const target = await loadConnector(connection.target.connector, folders);
  if (!isTarget(target)) throw wrongType('target', connection.target, target);

  const failures: ConfigError[] = [];
  const ready = async (name: string, connector: C8Connector, { config }: End) => {
    try {
      const resolved = await resolveValues(config, folders.paths, (values) => session.conceal(connector, values));
      parseConfig(connector.config, resolved);
      return resolved;
    } catch (error) {
      if (!isConfigError(error)) throw error;
      failures.push(withName(name, error));
      return {};
    }
  };
  const sourceConfig = await ready('source', source, connection.source);
  const targetConfig = await ready('target', target, connection.target);
  const [first] = failures;
  if (first !== undefined) throw failures.length === 1 ? first : merged(failures);
  return { source, sourceConfig, target, targetConfig };
}

function isConfigError(error: unknown): error is ConfigError {
  return isC8Error(error) && error.name === 'ConfigError';
}

function withName(end: string, error: ConfigError): ConfigError {
  const problems = error.problems.map((problem) => ({ ...problem, property: `${end}.config.${problem.property}` }));
  return new ConfigError(error.message.replace(/^(?! )/gm, `${end}: `), {
    code: error.code,
    problems,
    cause: error,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  });
}

function merged(failures: readonly ConfigError[]): ConfigError {
  return new ConfigError(failures.map(({ message }) => message).join('\n'), {
    code: 'config_invalid',
    problems: failures.flatMap(({ problems }) => problems),
    cause: failures[0],
  });
}

function wrongType(end: 'source' | 'target', { connector }: End, found: C8Connector): ConfigError {
  return new ConfigError(`${end}.connector: '${connector}' is a ${found.type}, not a ${end}`, {
    code: 'connection_file_invalid',
    details: { connector },
  });
}
