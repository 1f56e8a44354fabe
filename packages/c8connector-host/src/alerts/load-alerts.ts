import {
  ConfigError,
  checkInput,
  checkTemplate,
  findAction,
  type IntegrationConnector,
  isIntegration,
  parseConfig,
} from 'c8connector';
import { loadConnector, withArticle } from '../connectors/load-connector.ts';
import type { Values } from '../document/document.ts';
import { errorOfPart, isConfigError } from '../errors.ts';
import type { Host } from '../host.ts';
import { resolveInput } from '../values/action-input.ts';
import { resolveConfig } from '../values/resolve-values.ts';
import { type Alert, type AlertEvent, type AlertInputs, alertEvents } from './alert.ts';
import { alertFields } from './message.ts';

/** An alert that is ready to be sent. */
export interface LoadedAlert {
  /** Different for each alert of a list, and the same in every run. */
  readonly id: string;
  readonly integration: IntegrationConnector;
  /** Resolved and checked. */
  readonly config: Values;
  /** Name of the action. */
  readonly action: string;
  /** Resolved and checked, except for the `{{field}}` in their texts. */
  readonly inputs: AlertInputs;
}

/**
 * Loads the integrations of alerts, and resolves and checks their configs and inputs. Paths are relative to `folder`; without one no file is read. Throws a
 * ConfigError with everything that is wrong with the first invalid alert.
 */
export async function loadAlerts(
  alerts: readonly Alert[],
  host: Host,
  folder?: string,
): Promise<readonly LoadedAlert[]> {
  const loaded: LoadedAlert[] = [];
  for (const [index, alert] of alerts.entries()) {
    const name = alerts.length === 1 ? 'alert' : `alerts[${index}]`;
    try {
      loaded.push(await loadAlert(alert, `${index} ${alert.connector} ${alert.action}`, host, folder));
    } catch (error) {
      throw isConfigError(error) ? errorOfPart(error, name, name) : error;
    }
  }
  return loaded;
}

async function loadAlert(alert: Alert, id: string, host: Host, folder: string | undefined): Promise<LoadedAlert> {
  const integration = await loadConnector(alert.connector, host, folder);
  if (!isIntegration(integration)) {
    const found = `'${alert.connector}' is ${withArticle(integration.type)}`;
    throw new ConfigError(`${found}: only an integration can send alerts`, { code: 'alert_file_invalid' });
  }
  const action = findAction(integration, alert.action);
  const config = await resolveConfig(integration, alert.config, host, folder);
  parseConfig(integration.config, config);
  const inputs: Partial<Record<AlertEvent, Values>> = {};
  const standard = action.input.some(({ name }) => name === 'text') ? { text: '{{summary}}' } : {};
  for (const event of alertEvents) {
    const raw = alert.inputs[event];
    if (raw === undefined) continue;
    const input = await resolveInput(action, { ...standard, ...raw }, host, folder);
    checkTemplate(input, alertFields, 'an alert');
    checkInput(action, input);
    inputs[event] = input;
  }
  return { id, integration, config, action: action.name, inputs };
}
