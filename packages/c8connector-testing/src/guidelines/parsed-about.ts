import type { About, ConfigProperty } from 'c8connector';
import { isObject, parseObject } from './json.ts';

/** What of `about()` the rules compare. */
export interface ParsedAbout extends Pick<About, 'packageName' | 'type' | 'version' | 'config'> {
  readonly actions: readonly { readonly name: string; readonly input: readonly ConfigProperty[] }[];
  /** All of it, as it stands in about.json. */
  readonly text: string;
}

/** Undefined when a text is not what `about()` gives. */
export function parsedAbout(text: string): ParsedAbout | undefined {
  const about = parseObject(text);
  if (typeof about === 'string') return undefined;
  const { packageName, type, version, config, actions = [] } = about;
  if (typeof packageName !== 'string' || typeof version !== 'string' || !isProperties(config)) return undefined;
  if (type !== 'source' && type !== 'target' && type !== 'integration') return undefined;
  if (!Array.isArray(actions) || !actions.every((action) => isObject(action) && isProperties(action.input)))
    return undefined;
  return { packageName, type, version, config, actions, text: `${text.trim()}\n` };
}

function isProperties(value: unknown): value is readonly ConfigProperty[] {
  return (
    Array.isArray(value) &&
    value.every((item) => isObject(item) && [item.name, item.type].every((text) => typeof text === 'string'))
  );
}
