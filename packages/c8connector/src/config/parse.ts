import type { ConfigProblem } from '../interface/errors.ts';
import { ConfigError, ConnectorError } from '../interface/errors.ts';
import type { ConfigProperty } from '../interface/property.ts';
import { createMask } from './mask.ts';
import { isSecretProperty } from './property.ts';
import { Secret } from './secret.ts';
import { isConcealed, secretsOf } from './secrets-of.ts';
import { unknownProperties } from './unknown-properties.ts';
import { isObject, type Show, typedValue } from './value.ts';

/** A config in the declared types, and the warnings about it. */
export interface ParsedConfig {
  /** Holds the properties that are given or have a default, and whose `when` is true. Secrets are a {@link Secret}. */
  readonly config: Record<string, unknown>;
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Converts the raw config of a connection, as a form, a file or the environment gives it, to the declared types. Null counts as absent, and so does '' unless the property is a
 * mandatory text. Throws a ConfigError `config_invalid` that names every problem; warns of unknown keys and of properties whose `when` is false.
 */
export function parseConfig(properties: readonly ConfigProperty[], config: unknown): ParsedConfig {
  if (!isObject(config)) {
    const problem = { property: '', message: 'the config is not a JSON object; give one such as {"name": "value"}' };
    throw new ConfigError(problem.message, { code: 'config_invalid', problems: [problem] });
  }
  const reading = new Map<string, Outcome>();
  // Most configs are right, and then there is nothing to mask.
  let made: ((text: string) => string) | undefined;
  const mask = (text: string) => {
    made ??= createMask(secretsOf(properties, config));
    return made(text);
  };
  for (const property of properties) read(property, { properties, config, mask, reading });

  const outcomes = properties.map((property) => ({ property, outcome: reading.get(property.name) }));
  const problems = outcomes.flatMap(({ outcome }) => (outcome?.kind === 'wrong' ? [outcome.problem] : []));
  const warnings = [
    ...outcomes.flatMap(({ outcome }) => (outcome?.kind === 'ignored' && outcome.warning ? [outcome.warning] : [])),
    ...unknownKeys(properties, config),
  ];
  if (problems.length > 0) throw configError(problems, warnings);

  return {
    config: Object.fromEntries(
      outcomes.flatMap(({ property, outcome }) =>
        outcome?.kind === 'value' ? [[property.name, concealed(property, outcome.value)]] : [],
      ),
    ),
    warnings,
  };
}

/** The result of one property. After `wrong`, the conditions that refer to it are unknown. */
type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'absent' }
  | { readonly kind: 'ignored'; readonly warning?: ConfigProblem }
  | { readonly kind: 'wrong'; readonly problem: ConfigProblem }
  | { readonly kind: 'open' };

interface Reading {
  readonly properties: readonly ConfigProperty[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly mask: (text: string) => string;
  readonly reading: Map<string, Outcome>;
}

function read(property: ConfigProperty, context: Reading): Outcome {
  const known = context.reading.get(property.name);
  if (known !== undefined) return known;
  // Conditions that refer to each other in a circle read this, and are never true.
  context.reading.set(property.name, { kind: 'ignored' });
  const outcome = outcomeOf(property, context);
  context.reading.set(property.name, outcome);
  return outcome;
}

function outcomeOf(property: ConfigProperty, context: Reading): Outcome {
  const given = givenValue(property, context.config);
  if (property.when !== undefined) {
    const condition = conditionOf(property.when, context);
    if (condition === undefined) return { kind: 'open' };
    if (!condition) {
      if (given === undefined) return { kind: 'ignored' };
      const { property: other, oneOf } = property.when;
      const message = `property '${property.name}' is ignored: it counts only while '${other}' is ${oneOf.join(' or ')}`;
      return { kind: 'ignored', warning: { property: property.name, message } };
    }
  }
  if (given === undefined) {
    if (hasDefault(property)) return { kind: 'value', value: defaultOf(property) };
    if (!property.isMandatory) return { kind: 'absent' };
    return { kind: 'wrong', problem: { property: property.name, message: missingMessage(property) } };
  }
  const parsed = typedValue(property, given, showOf(property, context.mask));
  if (!('problem' in parsed)) return { kind: 'value', value: parsed.value };
  const path = parsed.index === undefined ? property.name : `${property.name}[${parsed.index}]`;
  return { kind: 'wrong', problem: { property: path, message: parsed.problem } };
}

/** Undefined when it is unknown because the other property is wrong. */
function conditionOf(when: NonNullable<ConfigProperty['when']>, context: Reading): boolean | undefined {
  const other = context.properties.find(({ name }) => name === when.property);
  if (other === undefined) return false;
  const outcome = read(other, context);
  if (outcome.kind === 'wrong' || outcome.kind === 'open') return undefined;
  return outcome.kind === 'value' && (when.oneOf as readonly unknown[]).includes(outcome.value);
}

function givenValue(property: ConfigProperty, config: Readonly<Record<string, unknown>>): unknown {
  const given = Object.hasOwn(config, property.name) ? config[property.name] : undefined;
  if (given === null) return undefined;
  return given === '' && !(property.type === 'string' && property.isMandatory) ? undefined : given;
}

/** Whether a property has a default; an empty text is not one. */
export function hasDefault(property: ConfigProperty): boolean {
  const { defaultValue } = property;
  return defaultValue !== undefined && defaultValue !== null && defaultValue !== '';
}

/** The default, in the declared type. Throws a ConnectorError when it does not fit its own declaration. */
export function defaultOf(property: ConfigProperty): unknown {
  const parsed = typedValue(
    property,
    property.defaultValue,
    showOf(property, (text) => text),
  );
  if (!('problem' in parsed)) return parsed.value;
  throw new ConnectorError(`the default of config property ${property.name} is wrong: ${parsed.problem}`, {
    code: 'contract_broken',
    details: { property: property.name },
  });
}

function missingMessage(property: ConfigProperty): string {
  if (property.options !== undefined) return `is mandatory; give one of ${property.options.join(', ')}`;
  const example = isConcealed(property) ? '' : property.placeholderValue;
  return `is mandatory; give a value${example === '' ? '' : ` such as ${example}`}`;
}

function concealed(property: ConfigProperty, value: unknown): unknown {
  if (!isSecretProperty(property)) return value;
  return new Secret(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Values are shown masked: a user may have put a secret into the wrong property. */
function showOf(property: ConfigProperty, mask: (text: string) => string): Show {
  if (isConcealed(property)) return () => 'the value';
  return (value) => {
    if (Array.isArray(value)) return 'a list';
    if (typeof value === 'object' && value !== null) return 'an object';
    if (typeof value !== 'string') return String(value);
    return `'${printable(mask(value))}'`;
  };
}

function printable(text: string): string {
  const line = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

function unknownKeys(properties: readonly ConfigProperty[], config: object): ConfigProblem[] {
  return unknownProperties(properties, Object.keys(config)).map(({ property, meant }) => {
    const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
    return { property, message: `unknown property '${printable(property)}'${hint}` };
  });
}

/** The error also contains the warnings: a misspelt key is often why a mandatory property is missing. */
function configError(problems: readonly ConfigProblem[], warnings: readonly ConfigProblem[]): ConfigError {
  const lines = warnings.map(({ message }) => message);
  return new ConfigError(`the config ${problemsText(problems, lines)}`, { code: 'config_invalid', problems });
}

/** `has a problem: …`, or several of them, each on a line of its own; `more` are lines below them. */
export function problemsText(problems: readonly ConfigProblem[], more: readonly string[] = []): string {
  const own = problems.map(({ property, message }) =>
    property === '' ? message : `${printable(property)}: ${message}`,
  );
  const lines = [...own, ...more];
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return `has ${count}:${lines.length === 1 ? ` ${lines[0]}` : lines.map((line) => `\n  ${line}`).join('')}`;
}
