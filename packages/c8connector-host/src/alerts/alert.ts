import type { Endpoint } from '../connection/connection.ts';
import {
  checkKeys,
  documentError,
  isGiven,
  type Problems,
  readProperties,
  readText,
  refuseProblems,
} from '../document/checks.ts';
import { type DocumentFile, isObject, readDocument, type Values } from '../document/document.ts';

/** The events that alerts can be sent for, in the order in which they are sent. */
export const alertEvents = ['failure', 'rejected', 'schema_change', 'success'] as const;

/** One of {@link alertEvents}. */
export type AlertEvent = (typeof alertEvents)[number];

/** An action of an integration, and the events that it is called for, as plain data. */
export interface Alert extends Endpoint {
  /** Name of the action. */
  readonly action: string;
  /** The input for each event that an alert is sent for, with `{{field}}` in its texts. Not resolved yet, like the config. */
  readonly inputs: AlertInputs;
}

/** Inputs by event; no alert is sent for an absent one. */
export type AlertInputs = Readonly<Partial<Record<AlertEvent, Values>>>;

const keys = ['connector', 'config', 'action', 'input', 'on'];

/** Reads a file with one alert, or with several as `alerts`, in YAML or JSON. Throws a ConfigError `alert_file_invalid` with everything that is wrong with it. */
export async function readAlerts(file: string): Promise<readonly Alert[]> {
  const document = { path: file, what: 'alert file', code: 'alert_file_invalid' } as const;
  return alertsOf(await readDocument(document), document);
}

/**
 * Reads alerts from an object with the keys of a file of alerts; `origin.name` is what messages call their connection. Throws a ConfigError `alert_file_invalid` with
 * everything that is wrong; its `problems` have the path of each key.
 */
export function parseAlerts(value: unknown, origin: { readonly name: string }): readonly Alert[] {
  const document = { path: origin.name, what: 'alerts of', code: 'alert_file_invalid' } as const;
  if (isObject(value)) return alertsOf(value, document);
  throw documentError(document, [{ property: 'alerts', message: 'give { connector: NAME, action: NAME }' }]);
}

function alertsOf(value: Values, document: DocumentFile): readonly Alert[] {
  const problems: Problems = [];
  const alerts = Object.hasOwn(value, 'alerts') ? readList(value, problems) : [readOne(value, problems)];
  refuseProblems(document, problems);
  return alerts;
}

function readOne(value: Values, problems: Problems): Alert {
  checkKeys(value, [...keys, 'alerts', '$schema'], '', problems);
  return readAlert(value, '', problems);
}

function readList(value: Values, problems: Problems): readonly Alert[] {
  checkKeys(value, ['alerts', '$schema'], '', problems);
  const { alerts } = value;
  if (!Array.isArray(alerts) || alerts.length === 0) {
    problems.push({ property: 'alerts', message: 'must be a list of alerts' });
    return [];
  }
  return alerts.flatMap((alert: unknown, index) => {
    const path = `alerts[${index}]`;
    if (isObject(alert)) {
      checkKeys(alert, keys, `${path}.`, problems);
      return [readAlert(alert, `${path}.`, problems)];
    }
    problems.push({ property: path, message: 'give { connector: NAME, config: { … }, action: NAME }' });
    return [];
  });
}

function readAlert(alert: Values, path: string, problems: Problems): Alert {
  return {
    connector: readText(alert.connector, `${path}connector`, 'the name of an integration, or a ./path', problems),
    config: readProperties(alert.config, `${path}config`, problems),
    action: readText(alert.action, `${path}action`, 'the name of an action', problems),
    inputs: readInputs(alert.on, readProperties(alert.input, `${path}input`, problems), `${path}on`, problems),
  };
}

/** An entry is an event, or an event with its own input, whose properties take precedence over the shared ones. */
function readInputs(value: unknown, shared: Values, path: string, problems: Problems): AlertInputs {
  const inputs: Partial<Record<AlertEvent, Values>> = {};
  const entries: unknown = isGiven(value) ? value : ['failure'];
  if (!Array.isArray(entries) || entries.length === 0) {
    problems.push({ property: path, message: `must be a list of ${alertEvents.join(', ')}` });
    return inputs;
  }
  for (const [index, entry] of (entries as readonly unknown[]).entries()) {
    const place = `${path}[${index}]`;
    if (isObject(entry)) checkKeys(entry, ['event', 'input'], `${place}.`, problems);
    const { event: name, input = {} } = isObject(entry) ? entry : { event: entry };
    const event = alertEvents.find((known) => known === name);
    const own = readProperties(input, `${place}.input`, problems);
    if (event === undefined) problems.push({ property: place, message: `must be one of ${alertEvents.join(', ')}` });
    else if (inputs[event] !== undefined)
      problems.push({ property: path, message: `'${event}' is listed more than once` });
    else inputs[event] = { ...shared, ...own };
  }
  return inputs;
}
