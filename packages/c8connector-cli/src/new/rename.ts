import type { ConnectorNames } from './names.ts';

/**
 * Replaces one connector's names by another's: package and program, module folder, class, type of the config. Words of the service that it talks to
 * are not names of the connector and stay: its drivers, its types, PostgreSQL in a sentence.
 */
export function renamer(from: ConnectorNames, to: ConnectorNames): (text: string) => string {
  const pairs: [string, string][] = [
    [from.packageName, to.packageName],
    [unscoped(from.packageName), to.packageName],
    [from.moduleFolder, to.moduleFolder],
    [from.moduleFolder.toUpperCase(), to.moduleFolder.toUpperCase()],
    [from.className, to.className],
    [from.configType, to.configType],
  ];
  const rules = pairs.map(([old, name]) => ({
    old: new RegExp(`(?<![\\w-])${escaped(old)}(?![a-zA-Z0-9])`, 'g'),
    name,
  }));
  return (text) => rules.reduce((renamed, { old, name }) => renamed.replace(old, name), text);
}

/** The same for the module that declares the class, which also contains the display name. */
export function renameDisplayName(text: string, from: ConnectorNames, to: ConnectorNames): string {
  const quoted = `(['"\`])${escaped(from.displayName)}\\2`;
  return text.replace(new RegExp(`(\\bname\\s*[:=]\\s*)${quoted}`), `$1$2${to.displayName}$2`);
}

function unscoped(packageName: string): string {
  return packageName.replace(/^@[^/]+\//, '');
}

function escaped(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}
