import { hasDefault, type ParsedConfig, parseConfig, problemsText } from '../config/parse.ts';
import { unknownProperties } from '../config/unknown-properties.ts';
import { isObject } from '../config/value.ts';
import type { Action } from '../interface/connector.ts';
import { ConfigError, type ConfigProblem, isC8Error } from '../interface/errors.ts';
import type { Log } from '../interface/log.ts';
import type { ConfigProperty } from '../interface/property.ts';
import type { Row } from '../interface/value.ts';
import { checkTemplate, type Template, templateNames } from './template.ts';

/**
 * Parses an input by the declaration of its action. Throws a ConfigError `input_invalid` that names every property that is missing, wrong or unknown. An unknown property is an
 * error and not a warning, because it may have been meant to postpone or redirect the action.
 */
export function parseInput(action: Action, input: unknown, log: Log): unknown {
  const { config, warnings } = readInput(action, input, () => false);
  for (const warning of warnings) log.warn(`${action.name}: ${warning.message}`, { property: warning.property });
  return config;
}

/** Checks an input as far as possible before its placeholders are filled. Throws what calling the action with it would throw later. */
export function checkInput(action: Action, input: Readonly<Record<string, unknown>>): void {
  readInput(action, input, (name) => templateNames(input[name]).length > 0);
}

/**
 * Checks that rows can become inputs. With a template, each name in it must be one of `columns`. Without one the row itself is the input: each column must be a property of the
 * action, and each mandatory property a column. `of` names the stream in messages. Throws a ConfigError, `column_unknown` or `input_invalid`.
 */
export function checkInputColumns(action: Action, template: Template, columns: readonly string[], of: string): void {
  if (template !== undefined) {
    checkTemplate(template, columns, of);
    return;
  }
  const mandatory = action.input.filter((property) => property.isMandatory && !hasDefault(property));
  const names = mandatory.map(({ name }) => `{{${name}}}`);
  checkTemplate(names, columns, of);
  const problems = unknownInputs(action, columns.filter(isOwn));
  if (problems.length === 0) return;
  throw new ConfigError(`${of}, whose rows are the input of ${action.name}, ${problemsText(problems)}`, {
    code: 'input_invalid',
    problems,
    remedy: 'Give an input with {{column}} in it, or select only the columns that the action takes.',
  });
}

/** A row as the input of an action without a template, without the columns that a log adds to those of the stream. */
export function rowInput({ input }: Action, row: Row): Row {
  const names = new Set(input.map(({ name }) => name));
  const entries = Object.entries(row);
  const kept = entries.filter(([column]) => isOwn(column) || names.has(column));
  return kept.length === entries.length ? row : Object.fromEntries(kept);
}

function isOwn(column: string): boolean {
  return !column.startsWith('_sdc_');
}

/** `isOpen` returns whether the value of a property is not known yet. */
function readInput(action: Action, input: unknown, isOpen: (name: string) => boolean): ParsedConfig {
  const of = `the input of ${action.name}`;
  if (!isObject(input)) {
    const problem = { property: '', message: `${of} is not a JSON object; give one such as {"name": "value"}` };
    throw new ConfigError(problem.message, { code: 'input_invalid', problems: [problem] });
  }
  const unknown = unknownInputs(action, Object.keys(input));
  const properties = action.input.filter(({ name }) => !isOpen(name));
  const parsed = parsedOrProblems(properties, input);
  const problems = [...('problems' in parsed ? parsed.problems : []), ...unknown];
  if (!('problems' in parsed) && unknown.length === 0) return parsed;
  throw new ConfigError(`${of} ${problemsText(problems)}`, { code: 'input_invalid', problems });
}

function parsedOrProblems(properties: readonly ConfigProperty[], input: unknown): ParsedConfig | Problems {
  try {
    return parseConfig(properties, input);
  } catch (error) {
    if (!isC8Error(error) || error.code !== 'config_invalid') throw error;
    return { problems: (error as ConfigError).problems };
  }
}

interface Problems {
  readonly problems: readonly ConfigProblem[];
}

function unknownInputs({ name, input }: Action, keys: readonly string[]): ConfigProblem[] {
  const takes = input.length === 0 ? 'nothing' : input.map((property) => property.name).join(', ');
  return unknownProperties(input, keys).map(({ property, meant }) => {
    const hint = meant === undefined ? `${name} takes ${takes}` : `did you mean '${meant}'?`;
    return { property, message: `unknown property; ${hint}` };
  });
}
