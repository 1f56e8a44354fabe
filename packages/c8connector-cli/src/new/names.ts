import { ConfigError, type ConnectorType } from 'c8connector';

/** Every form of a connector's name. */
export interface ConnectorNames {
  readonly type: ConnectorType;
  /** `c8-source-acme`, also the name of its program and of its folder. */
  readonly packageName: string;
  /** `c8_source_acme`. */
  readonly moduleFolder: string;
  /** `AcmeSource`. */
  readonly className: string;
  /** `AcmeConfig`. */
  readonly configType: string;
  /** For people: `Acme`. */
  readonly displayName: string;
}

const packageNames = /^c8-(source|target|integration)-(.+)$/;
/** The most characters of a name, so that no line of a sample exceeds the line width. */
const longest = 30;

/** The type in a name such as `c8-source-acme`, and the rest; a plain name has no type. */
export function splitName(given: string): { readonly type?: ConnectorType; readonly name: string } {
  const [, type, name] = packageNames.exec(given) ?? [];
  if (type === undefined || name === undefined) return { name: given };
  return { type: type as ConnectorType, name };
}

/** What is wrong with the name of a connector, as the end of a sentence; undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))
    return 'must be words of small letters and digits with hyphens between them, such as acme or acme-crm';
  if (name.length > longest) return `must have at most ${longest} characters`;
  return undefined;
}

/** All names of a connector. Throws a ConfigError `call_invalid` when the name cannot be one. */
export function namesOf(type: ConnectorType, name: string): ConnectorNames {
  const problem = nameProblem(name);
  if (problem !== undefined)
    throw new ConfigError(`the name '${name}' ${problem}`, { code: 'call_invalid', details: { name } });
  const words = name.split('-').map(capitalized);
  return {
    type,
    packageName: `c8-${type}-${name}`,
    moduleFolder: `c8_${type}_${name.replaceAll('-', '_')}`,
    className: `${words.join('')}${capitalized(type)}`,
    configType: `${words.join('')}Config`,
    displayName: words.join(' '),
  };
}

export function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

/** `a source`, `an integration`. */
export function withArticle(type: ConnectorType): string {
  return `${type === 'integration' ? 'an' : 'a'} ${type}`;
}
