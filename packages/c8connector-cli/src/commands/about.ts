import {
  type Action,
  aboutMarkdown,
  about as aboutOf,
  type C8Connector,
  type ConfigProperty,
  isIntegration,
  stringifyValue,
} from 'c8connector';
import { loadConnector } from 'c8connector-host';
import { table, terminalWidth } from '../display/tables.ts';
import type { Session } from '../session.ts';

export interface AboutArguments {
  readonly connector: string;
  readonly format: 'table' | 'json' | 'markdown';
  readonly json?: boolean | undefined;
}

/** Describes a connector; touches no network and reads no config. */
export async function about(args: AboutArguments, session: Session): Promise<number> {
  const connector = await loadConnector(args.connector, session, session.folder);
  const format = args.json === true ? 'json' : args.format;
  if (format === 'json') await session.print(`${stringifyValue(aboutOf(connector), 2)}\n`);
  else await session.print(format === 'markdown' ? aboutMarkdown(connector) : aboutTable(connector));
  return 0;
}

function aboutTable(connector: C8Connector): string {
  const { name, packageName, version, type, description, capabilities, config } = connector;
  const header = `${name}: ${type}, ${packageName} ${version}\n${description}\nCapabilities: ${capabilities.join(', ') || 'none'}\n`;
  const properties = config.length === 0 ? 'No properties.\n' : `\n${propertyTable(config)}`;
  return header + properties + (isIntegration(connector) ? connector.actions.map(actionText).join('') : '');
}

function actionText({ name, description, input }: Action): string {
  return `\n${name}: ${description}\n${input.length === 0 ? 'No input.\n' : propertyTable(input)}`;
}

function propertyTable(properties: readonly ConfigProperty[]): string {
  const head = ['property', 'type', 'mandatory', 'default', 'description'];
  return table(head, properties.map(propertyRow), { width: terminalWidth(), isWrapped: true });
}

function propertyRow(property: ConfigProperty): string[] {
  const { name, type, options, isMandatory, defaultValue, description } = property;
  const choices = options === undefined ? '' : ` One of ${options.join(', ')}.`;
  const standard =
    defaultValue === '' || defaultValue === undefined ? '' : stringifyValue(defaultValue).replace(/^"|"$/g, '');
  return [name, type, isMandatory ? 'yes' : '', standard, description + choices];
}
