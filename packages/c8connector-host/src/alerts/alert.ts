import type { End } from '../connection/connection.ts';
import { checkKeys, readProperties, readText, refuseProblems } from '../document/checks.ts';
import { isObject, readDocument } from '../document/document.ts';

/** What can be alerted, in the order in which it is sent. */
export const alertEvents = ['failure', 'rejected', 'schema_change', 'success'] as const;

export type AlertEvent = (typeof alertEvents)[number];

/** One alert of a file: an action of an integration, and when it is called. */
export interface AlertWish extends End {
  readonly action: string;
  /** The input for each event, with `{{field}}` in its texts. Not resolved yet, like the config. */
  readonly inputs: ReadonlyMap<AlertEvent, Readonly<Record<string, unknown>>>;
}

const keys = ['connector', 'config', 'action', 'input', 'on'];

/** Reads a file with one alert, or with several as `alerts`. Throws a ConfigError `alert_file_invalid` that tells everything that is wrong with it. */
export async function readAlerts(file: string): Promise<readonly AlertWish[]> {
  const facts = { path: file, what: 'alert file', code: 'alert_file_invalid' } as const;
  const document = await readDocument(facts);
  const problems: string[] = [];
  const wishes = readWishes(document, problems);
  refuseProblems(facts, problems);
  return wishes;
}

function readWishes(document: Readonly<Record<string, unknown>>, problems: string[]): readonly AlertWish[] {
  if (!Object.hasOwn(document, 'alerts')) {
    checkKeys(document, [...keys, 'alerts', '$schema'], '', problems);
    return [readWish(document, '', problems)];
  }
  checkKeys(document, ['alerts', '$schema'], '', problems);
  const { alerts } = document;
  if (Array.isArray(alerts) && alerts.length > 0) {
    return alerts.flatMap((alert, index) => {
      const path = `alerts[${index}]`;
      if (isObject(alert)) {
        checkKeys(alert, keys, `${path}.`, problems);
        return [readWish(alert, `${path}.`, problems)];
      }
      problems.push(`${path}: give { connector: NAME, config: { … }, action: NAME }`);
      return [];
    });
  }
  problems.push('alerts: must be a list of alerts');
  return [];
}

function readWish(alert: Readonly<Record<string, unknown>>, path: string, problems: string[]): AlertWish {
  return {
    connector: readText(alert.connector, `${path}connector`, 'the name of an integration, or a ./path', problems),
    config: readProperties(alert.config, `${path}config`, problems),
    action: readText(alert.action, `${path}action`, 'the name of an action', problems),
    inputs: readEvents(alert.on, readProperties(alert.input, `${path}input`, problems), `${path}on`, problems),
  };
}

/** An entry is an event, or one with an input of its own, whose properties win over those that all events share. */
function readEvents(value: unknown, shared: Readonly<Record<string, unknown>>, path: string, problems: string[]) {
  const inputs = new Map<AlertEvent, Readonly<Record<string, unknown>>>();
  const entries: unknown = value ?? ['failure'];
  if (!Array.isArray(entries) || entries.length === 0) {
    problems.push(`${path}: must be a list of ${alertEvents.join(', ')}`);
    return inputs;
  }
  for (const [index, entry] of (entries as readonly unknown[]).entries()) {
    const place = `${path}[${index}]`;
    if (isObject(entry)) checkKeys(entry, ['event', 'input'], `${place}.`, problems);
    const { event: name, input = {} } = isObject(entry) ? entry : { event: entry as unknown };
    const event = alertEvents.find((known) => known === name);
    const own = readProperties(input, `${place}.input`, problems);
    if (event === undefined) problems.push(`${place}: must be one of ${alertEvents.join(', ')}`);
    else if (inputs.has(event)) problems.push(`${path}: '${event}' stands there more than once`);
    else inputs.set(event, { ...shared, ...own });
  }
  return inputs;
}
