import { aboutMarkdown, about as aboutOf, type C8Connector, type ConfigProperty, stringifyValue } from 'c8connector';
import { loadConnector } from '../connectors.ts';
import type { Session } from '../session.ts';
import { table, terminalWidth } from '../tables.ts';

export interface AboutArguments {
  readonly connector: string;
  readonly format: 'table' | 'json' | 'markdown';
  readonly json?: boolean | undefined;
}

/** Describes a connector; touches no network and reads no config. */
export async function about(args: AboutArguments, session: Session): Promise<number> {
  const connector = await loadConnector(args.connector, { packages: session.folder, paths: session.folder });
  const format = args.json === true ? 'json' : args.format;
  if (format === 'json') await session.print(`${stringifyValue(aboutOf(connector), 2)}\n`);
  else await session.print(format === 'markdown' ? aboutMarkdown(connector) : aboutTable(connector));
  return 0;
}

function aboutTable(connector: C8Connector): string {
  const { name, packageName, version, type, description, capabilities, config } = connector;
  const facts = `${name}: ${type}, ${packageName} ${version}\n${description}\nCapabilities: ${capabilities.join(', ') || 'none'}\n`;
  if (config.length === 0) return `${facts}No properties.\n`;
  const head = ['property', 'type', 'mandatory', 'default', 'description'];
  return `${facts}\n${table(head, config.map(propertyRow), { width: terminalWidth(), isWrapped: true })}`;
}

function propertyRow(property: ConfigProperty): string[] {
  const { name, type, options, isMandatory, defaultValue, description } = property;
  const choices = options === undefined ? '' : ` One of ${options.join(', ')}.`;
  const standard =
    defaultValue === '' || defaultValue === undefined ? '' : stringifyValue(defaultValue).replace(/^"|"$/g, '');
  return [name, type, isMandatory ? 'yes' : '', standard, description + choices];
}
