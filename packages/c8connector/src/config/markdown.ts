import type { ConfigProperty } from '../interface/property.ts';
import { hasDefault } from './parse.ts';
import { isSecretProperty } from './property.ts';
import { boundsText } from './value.ts';

/** The config as Markdown: a table for the properties without a group, then one for each group under its name. Ends with a newline; '' without properties. */
export function configMarkdown(properties: readonly ConfigProperty[]): string {
  const groups = new Map<string, ConfigProperty[]>();
  groups.set('', []);
  for (const property of properties) {
    const group = property.group ?? '';
    groups.set(group, [...(groups.get(group) ?? []), property]);
  }
  return [...groups]
    .filter(([, members]) => members.length > 0)
    .map(([group, members]) => `${group === '' ? '' : `**${escaped(group)}**\n\n`}${table(members)}`)
    .join('\n');
}

function table(properties: readonly ConfigProperty[]): string {
  const rows = properties.map((property) => [
    code(property.name),
    typeText(property),
    property.isMandatory && !hasDefault(property) ? (property.when === undefined ? 'yes' : 'while it counts') : '',
    defaultText(property),
    descriptionText(property),
  ]);
  const lines = [
    ['Property', 'Type', 'Required', 'Default', 'Description'],
    ['---', '---', '---', '---', '---'],
    ...rows,
  ];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function typeText(property: ConfigProperty): string {
  const type = property.type === 'array' ? `array of ${property.items?.type ?? 'string'}` : property.type;
  return isSecretProperty(property) && type !== 'password' ? `${type}, secret` : type;
}

function defaultText(property: ConfigProperty): string {
  if (!hasDefault(property)) return '';
  if (isSecretProperty(property)) return 'secret';
  const { defaultValue } = property;
  return code(typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue));
}

function descriptionText(property: ConfigProperty): string {
  const { when, options, pattern } = property;
  const bounds = property.type === 'integer' ? boundsText(property) : '';
  return [
    escaped(property.description),
    options === undefined || options.length === 0 ? '' : `One of ${options.map(code).join(', ')}.`,
    bounds === '' ? '' : `A number ${bounds}.`,
    pattern === undefined ? '' : `Must match ${code(pattern)}.`,
    when === undefined
      ? ''
      : `Counts only while ${code(when.property)} is ${when.oneOf.map((value) => code(String(value))).join(' or ')}.`,
    isSecretProperty(property) ? 'Secret.' : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\|]/g, '\\$&')
    .replace(/\s*\n\s*/g, '<br>');
}

/** A pipe ends a table cell also inside code, unless it is escaped. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${text.replace(/\s+/g, ' ').replaceAll('|', '\\|')}${space}${fence}`;
}
