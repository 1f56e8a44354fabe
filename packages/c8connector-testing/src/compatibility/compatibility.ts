import type { ConfigProperty } from 'c8connector';
import { hasDefault } from 'c8connector';
import { compareDefaults, compareValues, type Incompatibility } from './compare-values.ts';

/**
 * The reasons why configs that were valid under `before` may be refused, or have another meaning, under `now`; [] when there are none. A removed property is one: parseConfig only warns of
 * unknown properties, so a setting that someone relied on would silently have no effect. A property that is new, or that applies in more cases than before, is not,
 * as long as every old config has a value for it. Patterns are compared by examples, because what a pattern accepts cannot be computed.
 */
export async function incompatibilities(
  before: readonly ConfigProperty[],
  now: readonly ConfigProperty[],
): Promise<readonly Incompatibility[]> {
  const found: Incompatibility[] = [];
  for (const old of before) {
    const property = now.find(({ name }) => name === old.name);
    if (property === undefined) found.push(removed(old));
    else
      found.push(
        ...(await compareValues(old, property)),
        ...compareConditions(old, property, before),
        ...compareDefaults(old, property),
        ...compareNeed(old, property, before, now),
      );
  }
  const added = now.filter(({ name }) => !before.some((old) => old.name === name));
  return [...found, ...added.flatMap((property) => compareNeed(undefined, property, before, now))];
}

function removed({ name }: ConfigProperty): Incompatibility {
  return {
    property: name,
    problem: `'${name}' was removed: configs that give it lose what it said; keep it, hidden if need be`,
  };
}

function compareConditions(
  old: ConfigProperty,
  { name, when }: ConfigProperty,
  before: readonly ConfigProperty[],
): Incompatibility[] {
  if (when === undefined) return [];
  const allowed = `'${when.property}' is ${when.oneOf.join(' or ')}`;
  if (old.when === undefined) {
    const problem = `'${name}' counts only while ${allowed}: configs where it is not lose it; let it count always`;
    return [{ property: name, problem }];
  }
  if (old.when.property !== when.property) {
    const problem = `'${name}' depended on '${old.when.property}' and now counts only while ${allowed}; keep the old condition`;
    return [{ property: name, problem }];
  }
  const other = before.find((each) => each.name === when.property);
  const lost = old.when.oneOf.filter((value) => !when.oneOf.includes(value) && mayBe(other, value));
  if (lost.length === 0) return [];
  const problem = `'${name}' no longer counts while '${when.property}' is ${lost.join(' or ')}; put that back into its condition`;
  return [{ property: name, problem }];
}

/** Finds properties that a config must have now and could leave out before. */
function compareNeed(
  old: ConfigProperty | undefined,
  property: ConfigProperty,
  before: readonly ConfigProperty[],
  now: readonly ConfigProperty[],
): Incompatibility[] {
  if (!isRequired(property) || !mayCount(property, before, now)) return [];
  const { name, when } = property;
  if (old !== undefined && isRequired(old) && (old.when === undefined || isWithin(when, old.when))) return [];
  const often = old === undefined ? 'is new and mandatory' : 'is mandatory where it was not';
  const problem = `'${name}' ${often}: configs without it are refused; give it a default, or make it optional`;
  return [{ property: name, problem }];
}

function isRequired(property: ConfigProperty): boolean {
  return property.isMandatory && !hasDefault(property);
}

type When = NonNullable<ConfigProperty['when']>;

/** Whether one condition is true only in cases in which the other one is true. */
function isWithin(when: When | undefined, other: When): boolean {
  return when?.property === other.property && when.oneOf.every((value) => other.oneOf.includes(value));
}

/** Whether a property applies in some config that was valid before. */
function mayCount(
  { when }: ConfigProperty,
  before: readonly ConfigProperty[],
  now: readonly ConfigProperty[],
  depth = 0,
): boolean {
  if (when === undefined) return true;
  if (depth > now.length) return false;
  const other = now.find(({ name }) => name === when.property);
  if (other === undefined || !mayCount(other, before, now, depth + 1)) return false;
  const old = before.find(({ name }) => name === when.property);
  // No old config has a value for a new property, so only its default can fulfil the condition.
  return when.oneOf.some((value) => other.defaultValue === value || (old !== undefined && mayBe(old, value)));
}

/** Whether a property could have this value. */
function mayBe(property: ConfigProperty | undefined, value: string | number | boolean): boolean {
  if (property === undefined) return false;
  return property.type !== 'options' || (property.options?.includes(String(value)) ?? false);
}
