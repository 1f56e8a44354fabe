import type { ConfigProperty } from 'c8connector';
import { hasDefault, integerBounds, parseConfig } from 'c8connector';
import { exampleTexts } from './example-texts.ts';
import { pick, seededRandom } from './seeded-random.ts';

/** Configs that are good under a declaration, always the same for it: what is mandatory, and each time other ones of the rest. Fewer when most that are tried are refused. */
export function generatedConfigs(
  properties: readonly ConfigProperty[],
  count: number,
): readonly Readonly<Record<string, unknown>>[] {
  const random = seededRandom(20_240_131);
  const configs: Readonly<Record<string, unknown>>[] = [];
  for (let tries = 0; tries < 10 * count && configs.length < count; tries += 1) {
    const config = Object.fromEntries(
      properties.flatMap((property) => {
        const isLeftOut = (!property.isMandatory || hasDefault(property)) && random() < 0.4;
        const value = isLeftOut ? undefined : valueFor(property, random);
        return value === undefined ? [] : [[property.name, value]];
      }),
    );
    if (isGood(properties, config)) configs.push(config);
  }
  return configs;
}

function isGood(properties: readonly ConfigProperty[], config: object): boolean {
  try {
    parseConfig(properties, config);
    return true;
  } catch {
    return false;
  }
}

function valueFor(property: ConfigProperty, random: () => number): unknown {
  const number = Math.floor(random() * 1e6);
  switch (property.type) {
    case 'integer':
      return integerFor(property, random);
    case 'boolean':
      return random() < 0.5;
    case 'options':
      return pick(random, property.options ?? []);
    case 'email':
      return `name${number}@example.com`;
    case 'date_iso8601':
      return random() < 0.5 ? '2024-01-31' : '2024-01-31T09:30:00Z';
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, (_, index) => itemFor(property, number + index));
    case 'object':
      return random() < 0.5 ? {} : { name: `value ${number}` };
    default:
      return textFor(property, random);
  }
}

/** The bounds themselves as well, since they are what a change moves. */
function integerFor(property: ConfigProperty, random: () => number): number {
  const { minimum, maximum } = integerBounds(property);
  const between = minimum + Math.floor(random() * (Math.min(maximum - minimum, 2 ** 40) + 1));
  return pick(random, [minimum, maximum, Math.min(between, maximum)]) ?? minimum;
}

function itemFor({ items }: ConfigProperty, number: number): unknown {
  if (items?.type === 'integer') return number;
  return items?.type === 'object' ? { number } : `item ${number}`;
}

function textFor({ pattern, placeholderValue, defaultValue }: ConfigProperty, random: () => number): unknown {
  if (pattern === undefined) return `text ${Math.floor(random() * 1e6)} ü"'\\`;
  const examples = exampleTexts(pattern, random, 1) ?? [placeholderValue, defaultValue];
  return pick(
    random,
    examples.filter((text) => typeof text === 'string' && text !== ''),
  );
}
