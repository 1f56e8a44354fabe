import { dirname } from 'node:path';
import {
  type Action,
  actionTarget,
  type C8Connector,
  ConfigError,
  findAction,
  isC8Error,
  isIntegration,
  isSource,
  isTarget,
  parseConfig,
  type SourceConnector,
  type TargetConnector,
} from 'c8connector';
import { loadConnector } from '../connectors/load-connector.ts';
import { typeName } from '../connectors/type-name.ts';
import type { Host } from '../host.ts';
import { checkInput, resolveInput } from '../values/action-input.ts';
import { resolveValues } from '../values/resolve-values.ts';
import type { Connection, End, TargetEnd } from './connection.ts';

type Values = Readonly<Record<string, unknown>>;

/** What is done with each row where the target is an integration. */
export interface RowAction {
  readonly action: Action;
  /** With `{{column}}` in its texts; the row itself when left out. */
  readonly input?: Values;
}

/** Both ends of a connection, ready to run. */
export interface Ends {
  readonly source: SourceConnector;
  readonly sourceConfig: Values;
  readonly target: TargetConnector;
  readonly targetConfig: Values;
  readonly rowAction?: RowAction;
}

/** Loads both connectors, resolves and checks both configs, and the input of an action. Everything that is wrong with them is told at once. */
export async function loadEnds(connection: Connection, host: Host): Promise<Ends> {
  const folders = { packages: host.folder, paths: dirname(connection.file) };
  const source = await loadConnector(connection.source.connector, folders);
  if (!isSource(source)) throw wrongType('source', connection.source, source);
  const sink = await loadConnector(connection.target.connector, folders);
  const action = actionOf(connection.target, sink);

  const failures: ConfigError[] = [];
  const collect = async (name: string, ready: () => Promise<Values>): Promise<Values> => {
    try {
      return await ready();
    } catch (error) {
      if (!isConfigError(error)) throw error;
      failures.push(withName(name, error));
      return {};
    }
  };
  const ready = async (connector: C8Connector, { config }: End): Promise<Values> => {
    const resolved = await resolveValues(config, folders.paths, (values) => host.conceal(connector.config, values));
    parseConfig(connector.config, resolved);
    return resolved;
  };
  const readyInput = async (known: Action, raw: Values): Promise<Values> => {
    const resolved = await resolveInput(known, raw, folders.paths, host);
    checkInput(known, resolved);
    return resolved;
  };
  const sourceConfig = await collect('source.config', () => ready(source, connection.source));
  const targetConfig = await collect('target.config', () => ready(sink, connection.target));
  const { input: raw } = connection.target;
  const input =
    action === undefined || raw === undefined
      ? undefined
      : await collect('target.input', () => readyInput(action, raw));
  const [first] = failures;
  if (first !== undefined) throw failures.length === 1 ? first : merged(failures);

  const configs = { source, sourceConfig, targetConfig };
  if (isIntegration(sink) && action !== undefined) {
    const rowAction = { action, ...(input === undefined ? {} : { input }) };
    return { ...configs, target: actionTarget(sink, action.name, input), rowAction };
  }
  if (!isTarget(sink)) throw wrongType('target', connection.target, sink);
  return { ...configs, target: sink };
}

/** The action that a target end names; undefined for a plain target. */
function actionOf(end: TargetEnd, sink: C8Connector): Action | undefined {
  if (isIntegration(sink)) {
    if (end.action !== undefined) return findAction(sink, end.action);
    const names = sink.actions.map(({ name }) => name).join(', ');
    throw invalid(`target.action: is missing; ${sink.packageName} is an integration: give one of ${names}`, end);
  }
  if (!isTarget(sink)) throw wrongType('target', end, sink);
  if (end.action === undefined) return undefined;
  throw invalid(`target.action: '${end.connector}' is ${typeName(sink)}: only an integration has actions`, end);
}

function isConfigError(error: unknown): error is ConfigError {
  return isC8Error(error) && error.name === 'ConfigError';
}

/** `name` is that of an end with what is wrong of it: `source.config`. */
function withName(name: string, error: ConfigError): ConfigError {
  const [end] = name.split('.');
  const problems = error.problems.map((problem) => ({ ...problem, property: `${name}.${problem.property}` }));
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
  return invalid(`${end}.connector: '${connector}' is ${typeName(found)}, not a ${end}`, { connector, config: {} });
}

function invalid(message: string, { connector }: End): ConfigError {
  return new ConfigError(message, { code: 'connection_file_invalid', details: { connector } });
}
