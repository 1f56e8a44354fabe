import type { ConfigProperty } from 'c8connector';
import { hasDefault } from 'c8connector';
import { compareDefaults, compareValues, type Incompatibility } from './compare-values.ts';

/**
 * Why configs that were good under `before` may be refused, or mean something else, under `now`; [] when none is. A removed property counts: parseConfig only warns of
 * what it does not know, so a setting that somebody relied on would silently count no more. A property that is new, or that counts more often than before, is no
 * break as long as no old config can lack it. What a pattern accepts is tried with examples, since it cannot be worked out.
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

/** A config must give a property that it could leave out before. */
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

/** Whether the one condition holds at most where the other does. */
function isWithin(when: When | undefined, other: When): boolean {
  return when?.property === other.property && when.oneOf.every((value) => other.oneOf.includes(value));
}

/** Whether a property counts under some config that was good before. */
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
  // Nobody gave a new property, so only its default can fulfil the condition.
  return when.oneOf.some((value) => other.defaultValue === value || (old !== undefined && mayBe(old, value)));
}

/** Whether a property could have this value. */
function mayBe(property: ConfigProperty | undefined, value: string | number | boolean): boolean {
  if (property === undefined) return false;
  return property.type !== 'options' || (property.options?.includes(String(value)) ?? false);
}
