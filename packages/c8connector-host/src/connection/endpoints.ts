import {
  type Action,
  actionTarget,
  type C8Connector,
  ConfigError,
  checkInput,
  findAction,
  isIntegration,
  isSource,
  isTarget,
  parseConfig,
  type SourceConnector,
  type TargetConnector,
} from 'c8connector';
import { loadConnector, withArticle } from '../connectors/load-connector.ts';
import type { Values } from '../document/document.ts';
import { errorOfPart, isConfigError } from '../errors.ts';
import type { Host } from '../host.ts';
import { resolveInput } from '../values/action-input.ts';
import { resolveConfig } from '../values/resolve-values.ts';
import type { Connection, Endpoint, TargetEndpoint } from './connection.ts';

/** What is done with each row when the target is an integration. */
export interface RowAction {
  readonly action: Action;
  /** The input of the action, with `{{column}}` in its texts; the row itself when left out. */
  readonly input?: Values;
}

/** Source and target of a connection, ready to run: their configs are resolved and checked. */
export interface Endpoints {
  readonly source: SourceConnector;
  readonly sourceConfig: Values;
  /** The target; an integration acts as one when there is a {@link Endpoints.rowAction}. */
  readonly target: TargetConnector;
  readonly targetConfig: Values;
  readonly rowAction?: RowAction;
}

/**
 * Loads both connectors of a connection, resolves and checks their configs and the input of an action. Throws a ConfigError with everything that is wrong with
 * them; its `problems` have paths such as `source.config.host`.
 */
export async function loadEndpoints(connection: Connection, host: Host): Promise<Endpoints> {
  const { folder } = connection;
  const source = await loadConnector(connection.source.connector, host, folder);
  if (!isSource(source)) throw wrongType('source', connection.source, source);
  const target = await loadConnector(connection.target.connector, host, folder);
  const action = actionOf(connection.target, target);

  const errors: ConfigError[] = [];
  const collect = async (part: 'source' | 'target', key: string, ready: Promise<Values>): Promise<Values> => {
    try {
      return await ready;
    } catch (error) {
      if (!isConfigError(error)) throw error;
      errors.push(errorOfPart(error, part, `${part}.${key}`));
      return {};
    }
  };
  const sourceConfig = await collect('source', 'config', readyConfig(source, connection.source, host, folder));
  const targetConfig = await collect('target', 'config', readyConfig(target, connection.target, host, folder));
  const { input } = connection.target;
  const rowAction =
    action === undefined
      ? undefined
      : input === undefined
        ? { action }
        : { action, input: await collect('target', 'input', readyInput(action, input, host, folder)) };
  refuseErrors(errors);

  const configs = { source, sourceConfig, targetConfig };
  if (isIntegration(target) && rowAction !== undefined) {
    return { ...configs, target: actionTarget(target, rowAction.action.name, rowAction.input), rowAction };
  }
  if (!isTarget(target)) throw wrongType('target', connection.target, target);
  return { ...configs, target };
}

/** Loads only the source of a connection, and resolves and checks its config; rejects like {@link loadEndpoints}. */
export async function loadSource(
  connection: Pick<Connection, 'source' | 'folder'>,
  host: Host,
): Promise<Pick<Endpoints, 'source' | 'sourceConfig'>> {
  const { folder } = connection;
  const source = await loadConnector(connection.source.connector, host, folder);
  if (!isSource(source)) throw wrongType('source', connection.source, source);
  try {
    return { source, sourceConfig: await readyConfig(source, connection.source, host, folder) };
  } catch (error) {
    throw isConfigError(error) ? errorOfPart(error, 'source', 'source.config') : error;
  }
}

/** Loads only the target of a connection, which must not be an integration, and resolves and checks its config; rejects like {@link loadEndpoints}. */
export async function loadTarget(
  connection: Pick<Connection, 'target' | 'folder'>,
  host: Host,
): Promise<Pick<Endpoints, 'target' | 'targetConfig'>> {
  const { folder } = connection;
  const target = await loadConnector(connection.target.connector, host, folder);
  if (!isTarget(target)) throw wrongType('target', connection.target, target);
  try {
    return { target, targetConfig: await readyConfig(target, connection.target, host, folder) };
  } catch (error) {
    throw isConfigError(error) ? errorOfPart(error, 'target', 'target.config') : error;
  }
}

/** The action that the target of a connection names; undefined for a plain target. */
function actionOf(endpoint: TargetEndpoint, target: C8Connector): Action | undefined {
  if (isIntegration(target)) {
    if (endpoint.action !== undefined) return findAction(target, endpoint.action);
    const names = target.actions.map(({ name }) => name).join(', ');
    throw invalid(
      `target.action: is missing; ${target.packageName} is an integration: give one of ${names}`,
      endpoint.connector,
    );
  }
  if (!isTarget(target)) throw wrongType('target', endpoint, target);
  if (endpoint.action === undefined) return undefined;
  const found = `'${endpoint.connector}' is ${withArticle(target.type)}`;
  throw invalid(`target.action: ${found}: only an integration has actions`, endpoint.connector);
}

async function readyConfig(
  connector: C8Connector,
  { config }: Endpoint,
  host: Host,
  folder: string | undefined,
): Promise<Values> {
  const resolved = await resolveConfig(connector, config, host, folder);
  parseConfig(connector.config, resolved);
  return resolved;
}

async function readyInput(action: Action, input: Values, host: Host, folder: string | undefined): Promise<Values> {
  const resolved = await resolveInput(action, input, host, folder);
  checkInput(action, resolved);
  return resolved;
}

function refuseErrors(errors: readonly ConfigError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  if (errors.length === 1) throw first;
  throw new ConfigError(errors.map(({ message }) => message).join('\n'), {
    code: 'config_invalid',
    problems: errors.flatMap(({ problems }) => problems),
    cause: first,
  });
}

function wrongType(part: 'source' | 'target', { connector }: Endpoint, found: C8Connector): ConfigError {
  return invalid(`${part}.connector: '${connector}' is ${withArticle(found.type)}, not a ${part}`, connector);
}

function invalid(message: string, connector: string): ConfigError {
  return new ConfigError(message, { code: 'connection_file_invalid', details: { connector } });
}
