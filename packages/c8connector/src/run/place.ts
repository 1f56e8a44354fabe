import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isSecretProperty } from '../config/property.ts';
import type { TargetConnector } from '../interface/connector.ts';
import type { Value } from '../interface/value.ts';
import { stringifyValue } from '../jsonl/values.ts';

/**
 * A hash of the place where a target writes: of `place` in its `accepts`, or else of its settings without those that are secret, advanced or different in every run. Two runs with the
 * same hash write to the same place.
 */
export function placeOf(target: TargetConnector, config: unknown): string {
  const place = target.accepts(config).place ?? settingsOf(target, config);
  return createHash('sha256')
    .update(stringifyValue([target.packageName, place]))
    .digest('hex')
    .slice(0, 32);
}

/** Settings with their default value are left out, so that a new setting in a later release does not count as a move. */
function settingsOf(target: TargetConnector, config: unknown): Value {
  const given = typeof config === 'object' && config !== null ? (config as Readonly<Record<string, Value>>) : {};
  const counted = target.config
    .filter((property) => !isSecretProperty(property) && !property.isDynamic && property.isAdvanced !== true)
    .filter(({ name, defaultValue }) => Object.hasOwn(given, name) && !isDeepStrictEqual(given[name], defaultValue))
    .map(({ name }) => name);
  return counted.toSorted().map((name) => [name, given[name] ?? null]);
}
