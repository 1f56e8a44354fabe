import {
  type Action,
  type C8Connector,
  type Capability,
  type ConnectorType,
  isIntegration,
} from '../interface/connector.ts';
import type { ConfigProperty } from '../interface/property.ts';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';
import { configMarkdown } from './markdown.ts';

/** A connector as plain JSON: what `--about` prints. The names `name`, `version`, `description`, `capabilities` and `settings` are those of the Singer SDK. */
export interface About {
  readonly name: string;
  readonly packageName: string;
  readonly version: string;
  readonly type: ConnectorType;
  readonly description: string;
  /** Data URI, '' when there is none. */
  readonly logo: string;
  readonly capabilities: readonly Capability[];
  readonly reservedKeys: readonly string[];
  /** The properties, as a host shows them in a form. */
  readonly config: readonly ConfigProperty[];
  /** What an integration can do; absent for sources and targets. */
  readonly actions?: readonly Action[];
  /** The config as JSON Schema, draft 2020-12. */
  readonly configSchema: JsonSchema;
  /** The same as `configSchema`, for readers of the Singer SDK's form. */
  readonly settings: JsonSchema;
}

/** Describes any connector; touches no network and reads no config. */
export function about(connector: C8Connector): About {
  const { name, packageName, version, type, description, logo, capabilities, reservedKeys, config } = connector;
  const configSchema = configJsonSchema(config, { name, description });
  return {
    name,
    packageName,
    version,
    type,
    description,
    logo,
    capabilities,
    reservedKeys,
    config: config.map(wireForm),
    ...(isIntegration(connector)
      ? { actions: connector.actions.map((action) => ({ ...action, input: action.input.map(wireForm) })) }
      : {}),
    configSchema,
    settings: configSchema,
  };
}

/** The same for people, as Markdown. */
export function aboutMarkdown(connector: C8Connector): string {
  const { name, packageName, version, type, description, capabilities, reservedKeys, config } = connector;
  const lines = [
    `- Package: \`${packageName}\` ${version}`,
    `- Type: ${type}`,
    `- Capabilities: ${capabilities.length === 0 ? 'none' : capabilities.join(', ')}`,
    ...(reservedKeys.length === 0 ? [] : [`- Reserved columns: ${reservedKeys.map((key) => `\`${key}\``).join(', ')}`]),
  ];
  const settings = config.length === 0 ? 'No settings.\n' : configMarkdown(config);
  const actions = isIntegration(connector) ? `\n${actionsMarkdown(connector.actions)}` : '';
  return `# ${name}\n\n${description}\n\n${lines.join('\n')}\n\n## Config\n\n${settings}${actions}`;
}

/** Property names that every reader expects, in a fixed order, first those of the host API. */
function wireForm(property: ConfigProperty): ConfigProperty {
  const { name, type, displayName, isMandatory, isDynamic, description, defaultValue, placeholderValue, ...rest } =
    property;
  return { name, type, displayName, isMandatory, isDynamic, description, defaultValue, placeholderValue, ...rest };
}

/** A section for each action, with its input as a table. */
function actionsMarkdown(actions: readonly Action[]): string {
  const sections = actions.map(
    ({ name, description, input }) =>
      `### ${name}\n\n${description}\n\n${input.length === 0 ? 'No input.\n' : configMarkdown(input)}`,
  );
  return `## Actions\n\n${sections.join('\n')}`;
}
