import {
  type Action,
  type C8Connector,
  ConfigError,
  findAction,
  type IntegrationConnector,
  isIntegration,
  maskValue,
  stringifyValue,
  type Value,
} from 'c8connector';
import { loadConnector, resolveInput } from 'c8connector-host';
import { readable } from '../display/readable.ts';
import { withArticle } from '../new/names.ts';
import type { Session } from '../session.ts';
import { type ConfiguredArguments, loadConfig, readGiven } from './configured.ts';

export interface CallArguments extends ConfiguredArguments {
  readonly action: string;
  readonly input?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly json: boolean;
}

/** Calls one action of an integration once, and shows its output. */
export async function call(args: CallArguments, session: Session): Promise<number> {
  if (args.config === '-' && args.input === '-') throw invalid('only one of --config and --input can be stdin');
  const connector = await loadConnector(args.connector, session, session.folder);
  const integration = integrationOf(connector);
  const action = findAction(integration, args.action);
  const config = await loadConfig(connector, args.config, session);
  const input = await readInput(action, args, session);
  const options = { signal: session.stop.graceful, log: session.log };
  const output = withoutSecrets((await integration.call(action.name, config, input, options)) ?? null, session);
  await session.print(args.json ? `${stringifyValue(output as Value, 2)}\n` : readable(output));
  return 0;
}

function integrationOf(connector: C8Connector): IntegrationConnector {
  if (isIntegration(connector)) return connector;
  throw invalid(`${connector.packageName} is ${withArticle(connector.type)}: only an integration has actions to call`);
}

async function readInput(
  action: Action,
  { input, set = [] }: CallArguments,
  session: Session,
): Promise<Readonly<Record<string, unknown>>> {
  const file = { name: input ?? '', what: 'input file', code: 'input_unreadable' } as const;
  const { raw, folder } = input === undefined ? { raw: {}, folder: session.folder } : await readGiven(file, session);
  return { ...(await resolveInput(action, raw, session, folder)), ...Object.fromEntries(set.map(setting)) };
}

function setting(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw invalid('--set takes PROPERTY=VALUE');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** Masks secrets, since services echo what they are sent. An output without secrets stays unchanged, including exact numbers. */
function withoutSecrets(output: unknown, { mask }: Session): unknown {
  const text = stringifyValue(output as Value);
  return mask(text) === text ? output : maskValue(output, mask);
}

function invalid(message: string): ConfigError {
  return new ConfigError(message, { code: 'call_invalid' });
}
