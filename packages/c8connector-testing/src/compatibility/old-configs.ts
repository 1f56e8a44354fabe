import type { ConfigProperty } from 'c8connector';
import { hasDefault, integerBounds, parseConfig } from 'c8connector';
import type * as FastCheck from 'fast-check';
import { exampleTexts } from './example-texts.ts';

type Config = Readonly<Record<string, unknown>>;

/** A fixed seed gives the same configs each time, on every machine. */
const firstSeed = 20_240_131;
/** How many configs are tried for each one that is wanted. */
const mostTries = 10;

/**
 * Configs that are valid under a declaration, always the same for one declaration: with all mandatory properties, and different optional ones each time. Fewer when most of the generated configs are
 * refused, and none when no text can be generated that matches the pattern of a mandatory property. Loads fast-check.
 */
export async function generatedConfigs(
  properties: readonly ConfigProperty[],
  count: number,
): Promise<readonly Config[]> {
  const fc = await import('fast-check');
  const values = await Promise.all(
    properties.map(async (property) => [property.name, await optionalValues(fc, property)] as const),
  );
  const anyConfig = fc.record(Object.fromEntries(values)).map(withoutUndefined);
  const good: Config[] = [];
  for (let seed = firstSeed; seed < firstSeed + mostTries && good.length < count; seed += 1) {
    const tried = fc.sample(anyConfig, { seed, numRuns: count });
    good.push(...tried.filter((config) => isGood(properties, config)));
  }
  return good.slice(0, count);
}

function isGood(properties: readonly ConfigProperty[], config: object): boolean {
  try {
    parseConfig(properties, config);
    return true;
  } catch {
    return false;
  }
}

function withoutUndefined(config: Config): Config {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

/** Undefined means that the property is left out. */
async function optionalValues(fc: typeof FastCheck, property: ConfigProperty): Promise<FastCheck.Arbitrary<unknown>> {
  const values = await valuesFor(fc, property);
  if (property.isMandatory && !hasDefault(property)) return values;
  return fc.option(values, { nil: undefined, freq: 2 });
}

async function valuesFor(fc: typeof FastCheck, property: ConfigProperty): Promise<FastCheck.Arbitrary<unknown>> {
  const number = fc.nat({ max: 1_000_000 });
  switch (property.type) {
    case 'integer':
      return integersFor(fc, property);
    case 'boolean':
      return fc.boolean();
    case 'options':
      return oneOf(fc, property.options ?? []);
    case 'email':
      return number.map((each) => `name${each}@example.com`);
    case 'date_iso8601':
      return oneOf(fc, ['2024-01-31', '2024-01-31T09:30:00Z']);
    case 'array':
      return fc.array(itemsFor(fc, property), { maxLength: 3 });
    case 'object':
      return fc.oneof(fc.constant({}), fc.record({ name: number.map((each) => `value ${each}`) }));
    default:
      return await textsFor(fc, property);
  }
}

/** Integers, often the bounds themselves, since they are what a change moves. */
function integersFor(fc: typeof FastCheck, property: ConfigProperty): FastCheck.Arbitrary<number> {
  const { minimum, maximum } = integerBounds(property);
  const bounds = fc.constantFrom(minimum, maximum);
  // Wrong bounds are reported by check 17.
  const isRange = minimum <= maximum && Number.isSafeInteger(minimum) && Number.isSafeInteger(maximum);
  return isRange ? fc.oneof(bounds, fc.integer({ min: minimum, max: maximum })) : bounds;
}

function itemsFor(fc: typeof FastCheck, { items }: ConfigProperty): FastCheck.Arbitrary<unknown> {
  const number = fc.nat({ max: 1_000_000 });
  if (items?.type === 'integer') return number;
  return items?.type === 'object' ? fc.record({ number }) : number.map((each) => `item ${each}`);
}

async function textsFor(
  fc: typeof FastCheck,
  { pattern, placeholderValue, defaultValue }: ConfigProperty,
): Promise<FastCheck.Arbitrary<unknown>> {
  if (pattern === undefined) return fc.nat({ max: 1_000_000 }).map((each) => `text ${each} ü"'\\`);
  const examples = (await exampleTexts(pattern)) ?? [placeholderValue, defaultValue];
  return oneOf(
    fc,
    examples.filter((text) => typeof text === 'string' && text !== ''),
  );
}

function oneOf(fc: typeof FastCheck, values: readonly unknown[]): FastCheck.Arbitrary<unknown> {
  return values.length === 0 ? fc.constant(undefined) : fc.constantFrom(...values);
}
