import { dirname } from 'node:path';
import {
  ConfigError,
  checkTemplate,
  findAction,
  type IntegrationConnector,
  isC8Error,
  isIntegration,
  parseConfig,
} from 'c8connector';
import { loadConnector } from '../connectors/load-connector.ts';
import { typeName } from '../connectors/type-name.ts';
import type { Host } from '../host.ts';
import { checkInput, resolveInput } from '../values/action-input.ts';
import { resolveValues } from '../values/resolve-values.ts';
import { type AlertEvent, type AlertWish, readAlerts } from './alert.ts';
import { alertFields } from './message.ts';

type Values = Readonly<Record<string, unknown>>;

/** An alert that is ready to be sent. */
export interface AlertEnd {
  /** Tells it from the others of its file. */
  readonly id: string;
  readonly integration: IntegrationConnector;
  readonly config: Values;
  readonly action: string;
  readonly inputs: ReadonlyMap<AlertEvent, Values>;
}

/** Loads what a file of alerts needs, and checks all of it: the first alert that is wrong is told with everything that is wrong with it. */
export async function loadAlerts(file: string, host: Host): Promise<readonly AlertEnd[]> {
  const wishes = await readAlerts(file);
  const ends: AlertEnd[] = [];
  for (const [index, wish] of wishes.entries()) {
    const name = wishes.length === 1 ? 'alert' : `alerts[${index}]`;
    try {
      ends.push({
        ...(await loadAlert(wish, dirname(file), host)),
        id: `${index} ${wish.connector} ${wish.action}`,
      });
    } catch (error) {
      throw isC8Error(error) && error.name === 'ConfigError' ? named(name, error) : error;
    }
  }
  return ends;
}

async function loadAlert(wish: AlertWish, folder: string, host: Host): Promise<Omit<AlertEnd, 'id'>> {
  const integration = await loadConnector(wish.connector, { packages: host.folder, paths: folder });
  if (!isIntegration(integration)) {
    throw new ConfigError(`'${wish.connector}' is ${typeName(integration)}: only an integration can send alerts`, {
      code: 'alert_file_invalid',
    });
  }
  const action = findAction(integration, wish.action);
  const conceal = (values: Values) => host.conceal(integration.config, values);
  const config = await resolveValues(wish.config, folder, conceal);
  parseConfig(integration.config, config);
  const inputs = new Map<AlertEvent, Values>();
  const hasText = action.input.some(({ name }) => name === 'text');
  for (const [event, raw] of wish.inputs) {
    const input = await resolveInput(action, hasText ? { text: '{{summary}}', ...raw } : raw, folder, host);
    checkTemplate(input, alertFields, 'an alert');
    checkInput(action, input);
    inputs.set(event, input);
  }
  return { integration, config, action: action.name, inputs };
}

function named(name: string, error: Error): ConfigError {
  const { code, problems, remedy } = error as ConfigError;
  return new ConfigError(error.message.replace(/^(?! )/gm, `${name}: `), {
    code,
    problems,
    cause: error,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
