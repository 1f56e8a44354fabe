import type { ConfigProperty } from 'c8connector';
import { typedValue } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import type { ConnectorContext } from '../context.ts';

/** 10 */
export const conditions: Check<ConnectorContext> = {
  number: 10,
  title: 'each condition names another existing property, and values that it can have',
  where: 'when of the properties',
  async run({ connector: { config } }) {
    for (const property of config) checkCondition(property, config);
  },
};

function checkCondition({ name, when }: ConfigProperty, config: readonly ConfigProperty[]): void {
  if (when === undefined) return;
  const { property: otherName, oneOf } = when;
  const other = config.find((property) => property.name === otherName);
  if (other === undefined)
    throw new Finding(
      `property '${name}' with a condition on one of ${shown(config.map((property) => property.name))}`,
      shown(otherName),
    );
  if (!Array.isArray(oneOf) || oneOf.length === 0)
    throw new Finding(`property '${name}' with the values of '${otherName}' in its condition`, shown(oneOf));
  for (const value of oneOf) {
    if (!canBe(other, value))
      throw new Finding(
        `property '${name}' with a condition that '${otherName}' can meet: a value of type ${other.type}${other.type === 'options' ? ` out of ${shown(other.options)}` : ''}`,
        `${shown(value)}, which it never is`,
      );
  }
  const twice = oneOf.find((value, index) => oneOf.indexOf(value) !== index);
  if (twice !== undefined) throw new Finding(`property '${name}' with each value once`, `${shown(twice)} twice`);
  const circle = circleOf(name, config);
  if (circle !== undefined)
    throw new Finding(
      `property '${name}' with a condition that does not depend on itself`,
      `${circle.join(' depends on ')}`,
    );
}

/** The parsed value is compared with `===`, so a list or an object never fits, nor a value in another type. */
function canBe(property: ConfigProperty, value: unknown): boolean {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return false;
  try {
    const typed = typedValue(property, value, String);
    return 'value' in typed && typed.value === value;
  } catch {
    // Its pattern is invalid, which another check reports.
    return true;
  }
}

function circleOf(name: string, config: readonly ConfigProperty[]): string[] | undefined {
  const path = [name];
  for (;;) {
    const next = config.find((property) => property.name === path.at(-1))?.when?.property;
    if (next === undefined) return undefined;
    if (next === name) return [...path, name];
    if (path.includes(next)) return undefined;
    path.push(next);
  }
}
