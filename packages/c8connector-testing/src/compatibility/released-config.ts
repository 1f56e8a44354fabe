import type { ConfigProperty } from 'c8connector';
import { isObject } from '../values/json.ts';

/** What the configs and inputs of users depend on, from the about.json of the last release. */
export interface ReleasedConfig {
  readonly config: readonly ConfigProperty[];
  /** [] when it has none. */
  readonly actions: readonly { readonly name: string; readonly input: readonly ConfigProperty[] }[];
}

/** Undefined when a value is not a result of `about()`. */
export function releasedConfig(about: unknown): ReleasedConfig | undefined {
  if (!isObject(about)) return undefined;
  const { config, actions = [] } = about;
  const isWhole = isPropertyList(config) && Array.isArray(actions) && actions.every(isAction);
  return isWhole ? { config, actions } : undefined;
}

function isAction(value: unknown): value is ReleasedConfig['actions'][number] {
  return isObject(value) && typeof value.name === 'string' && isPropertyList(value.input);
}

function isPropertyList(value: unknown): value is readonly ConfigProperty[] {
  return (
    Array.isArray(value) &&
    value.every((item) => isObject(item) && typeof item.name === 'string' && typeof item.type === 'string')
  );
}
