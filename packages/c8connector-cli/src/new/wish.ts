import { ConfigError, type ConnectorType } from 'c8connector';
import { installedConnectors } from '../installed.ts';
import { article, splitName } from './names.ts';

/** What of a new connector is known from the command line. */
export interface PartOfWish {
  readonly type: ConnectorType | undefined;
  readonly name: string | undefined;
  readonly like: string | undefined;
}

/** What is to be made: of a type, or like another connector, which has one. */
export type Wish = { readonly name: string } & (
  | { readonly type: ConnectorType }
  | { readonly type: ConnectorType | undefined; readonly like: string }
);

const types: readonly string[] = ['source', 'target', 'integration'] satisfies ConnectorType[];

/** Reads the words of the call: the name may carry the type, and may stand alone. Throws a ConfigError `call_invalid` when they don't fit. */
export function wishOf(given: {
  type?: string | undefined;
  name?: string | undefined;
  like?: string | undefined;
}): PartOfWish {
  const isNameAlone = given.type !== undefined && given.name === undefined && !types.includes(given.type);
  const word = isNameAlone ? given.type : given.name;
  const type = isNameAlone ? undefined : given.type;
  if (type !== undefined && !types.includes(type)) refuse(`'${type}' is no type of connector: use ${types.join(', ')}`);
  const split = word === undefined ? undefined : splitName(word);
  if (type !== undefined && split?.type !== undefined && split.type !== type)
    refuse(`'${word}' is the name of ${article(split.type)}, and not of ${article(type as ConnectorType)}`);
  return { type: (type as ConnectorType | undefined) ?? split?.type, name: split?.name, like: given.like };
}

/** Asks for what is missing when there is a terminal; undefined when the user would rather not. Else a ConfigError says what is missing. */
export async function completeWish(given: PartOfWish, folder: string): Promise<Wish | undefined> {
  const known = wholeWish(given);
  if (known !== undefined) return known;
  if (process.stdin.isTTY && process.stdout.isTTY) {
    const { ask } = await import('./ask.ts');
    const installed = (await installedConnectors(folder)).map(({ packageName }) => packageName);
    const answers = await ask(given, installed);
    return answers === undefined ? undefined : wholeWish(answers);
  }
  const hasType = given.type !== undefined || given.like !== undefined;
  const missing = [...(hasType ? [] : ['its type']), ...(given.name === undefined ? ['its name'] : [])];
  return refuse(
    `a new connector needs ${missing.join(' and ')}`,
    'Say all of it, such as: c8connector new source acme',
  );
}

function wholeWish({ type, name, like }: PartOfWish): Wish | undefined {
  if (name === undefined) return undefined;
  if (like !== undefined) return { type, name, like };
  return type === undefined ? undefined : { type, name };
}

function refuse(message: string, remedy?: string): never {
  throw new ConfigError(message, remedy === undefined ? { code: 'call_invalid' } : { code: 'call_invalid', remedy });
}
