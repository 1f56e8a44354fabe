import { ConfigError, type ConnectorType } from 'c8connector';
import { splitName, withArticle } from './names.ts';

/** What the command line says about a new connector. */
export interface PartialRequest {
  readonly type: ConnectorType | undefined;
  readonly name: string | undefined;
  readonly like: string | undefined;
}

/** What to create: a connector of a type, or a copy of another connector. */
export type NewRequest = { readonly name: string } & (
  | { readonly type: ConnectorType }
  | { readonly type: ConnectorType | undefined; readonly like: string }
);

const types: readonly string[] = ['source', 'target', 'integration'] satisfies ConnectorType[];

/** Reads the words of the call: the name may contain the type, and may be the only word. Throws a ConfigError `call_invalid` when they contradict each other. */
export function requestOf(given: {
  type?: string | undefined;
  name?: string | undefined;
  like?: string | undefined;
}): PartialRequest {
  const isNameAlone = given.type !== undefined && given.name === undefined && !types.includes(given.type);
  const word = isNameAlone ? given.type : given.name;
  const type = isNameAlone ? undefined : given.type;
  if (type !== undefined && !types.includes(type))
    refuse(`'${type}' is not a type of connector: use ${types.join(', ')}`);
  const split = word === undefined ? undefined : splitName(word);
  if (type !== undefined && split?.type !== undefined && split.type !== type)
    refuse(`'${word}' is the name of ${withArticle(split.type)}, and not of ${withArticle(type as ConnectorType)}`);
  return { type: (type as ConnectorType | undefined) ?? split?.type, name: split?.name, like: given.like };
}

/** The request when nothing is missing in it; undefined otherwise. */
export function wholeRequest({ type, name, like }: PartialRequest): NewRequest | undefined {
  if (name === undefined) return undefined;
  if (like !== undefined) return { type, name, like };
  return type === undefined ? undefined : { type, name };
}

function refuse(message: string, remedy?: string): never {
  throw new ConfigError(message, remedy === undefined ? { code: 'call_invalid' } : { code: 'call_invalid', remedy });
}
