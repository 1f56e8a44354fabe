import { isDeepStrictEqual } from 'node:util';
import {
  type ConfigProperty,
  type ConfigPropertyType,
  hasDefault,
  integerBounds,
  isSecretProperty,
  typedValue,
  wholePattern,
} from 'c8connector';
import { exampleTexts } from './example-texts.ts';

/** Something that was allowed before and no longer is. */
export interface Incompatibility {
  readonly property: string;
  /** The problem of a config that was valid before, and how to keep it valid. */
  readonly problem: string;
}

/** Types that accept any text. */
const anyText: readonly ConfigPropertyType[] = ['string', 'password', 'oauth', 'file', 'hidden'];
/** Types whose values are texts of some form. */
const someText: readonly ConfigPropertyType[] = [...anyText, 'email', 'date_iso8601', 'options'];

/** The values that a property accepted before and no longer accepts, or no longer hides. */
export async function compareValues(old: ConfigProperty, now: ConfigProperty): Promise<Incompatibility[]> {
  const problems: string[] = [];
  if (!takesKind(old.type, now.type)) {
    problems.push(`was ${old.type} and is ${now.type}: old values are refused or read otherwise; keep the type`);
  } else if (now.type === 'options') {
    const kept = now.options ?? [];
    const lost = (old.options ?? []).filter((option) => !kept.includes(option));
    if (lost.length > 0) problems.push(`no longer takes ${lost.join(', ')}; keep ${lost.length === 1 ? 'it' : 'them'}`);
  } else if (now.type === 'integer') problems.push(...lostBounds(old, now));
  else if (now.type === 'array' && (old.items?.type ?? 'string') !== (now.items?.type ?? 'string')) {
    problems.push(`held items of type ${old.items?.type ?? 'string'} and now of type ${now.items?.type ?? 'string'}`);
  } else if (someText.includes(now.type)) problems.push(...(await lostTexts(old, now)));
  if (isSecretProperty(old) && !isSecretProperty(now)) {
    problems.push('is no longer secret: what configs keep hidden is shown; keep it secret');
  }
  return problems.map((problem) => ({ property: old.name, problem: `'${old.name}' ${problem}` }));
}

/** What changes for a config without the property. */
export function compareDefaults(old: ConfigProperty, now: ConfigProperty): Incompatibility[] {
  // No config could leave it out.
  if (old.isMandatory && !hasDefault(old)) return [];
  const [before, after] = [plainDefault(old), plainDefault(now)];
  if (isDeepStrictEqual(before, after)) return [];
  const show = (value: unknown) =>
    isSecretProperty(old) || isSecretProperty(now) ? 'another value' : JSON.stringify(value);
  const change =
    before === undefined
      ? `had no default and now has ${show(after)}`
      : after === undefined
        ? `had the default ${show(before)} and now has none`
        : `had the default ${show(before)} and now has ${show(after)}`;
  const problem = `'${old.name}' ${change}: configs that leave it out mean something else; keep the default as it was`;
  return [{ property: old.name, problem }];
}

/** Compared in the declared type, so that a default '5432' is the number. */
function plainDefault(property: ConfigProperty): unknown {
  if (!hasDefault(property)) return undefined;
  const typed = typedValue(property, property.defaultValue, String);
  return 'problem' in typed ? property.defaultValue : typed.value;
}

function takesKind(old: ConfigPropertyType, now: ConfigPropertyType): boolean {
  return old === now || (someText.includes(old) && anyText.includes(now));
}

function lostBounds(old: ConfigProperty, now: ConfigProperty): string[] {
  const [before, after] = [integerBounds(old), integerBounds(now)];
  return [
    ...(after.minimum > before.minimum
      ? [`no longer takes numbers below ${after.minimum}; keep the minimum of ${before.minimum}`]
      : []),
    ...(after.maximum < before.maximum
      ? [`no longer takes numbers above ${after.maximum}; keep the maximum of ${before.maximum}`]
      : []),
  ];
}

async function lostTexts(old: ConfigProperty, now: ConfigProperty): Promise<string[]> {
  if (now.pattern === undefined || now.pattern === old.pattern) return [];
  if (old.pattern === undefined) {
    const refused = (old.type === 'options' ? (old.options ?? []) : undefined)?.find((text) => !matches(now, text));
    if (old.type === 'options' && refused === undefined) return [];
    return [`must now match ${now.pattern}, and took any text; leave the pattern out`];
  }
  const examples = await exampleTexts(old.pattern);
  if (examples === undefined)
    return [
      `must match ${now.pattern} and no longer ${old.pattern}, of which no examples can be made: what is refused now is unknown; keep the pattern`,
    ];
  const refused = examples.filter((text) => !matches(now, text)).sort((one, other) => one.length - other.length)[0];
  return refused === undefined
    ? []
    : [`no longer takes texts such as ${JSON.stringify(refused)}; widen the pattern ${now.pattern}`];
}

function matches({ pattern = '' }: ConfigProperty, text: string): boolean {
  try {
    return new RegExp(wholePattern(pattern), 'u').test(text);
  } catch {
    return false;
  }
}
