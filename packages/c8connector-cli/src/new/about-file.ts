import type { ConnectorNames } from './names.ts';

/** `about.json` of a copy, renamed already: the same connector under its own name, at its first version. */
export function newAbout(text: string, names: ConnectorNames): string {
  const about = JSON.parse(text);
  const title = (schema: unknown): unknown =>
    typeof schema === 'object' && schema !== null && 'title' in schema
      ? { ...schema, title: names.displayName }
      : schema;
  const renewed = {
    ...about,
    name: names.displayName,
    packageName: names.packageName,
    version: '0.1.0',
    configSchema: title(about.configSchema),
    settings: title(about.settings),
  };
  return `${JSON.stringify(renewed, null, 2)}\n`;
}
