import {
  type Action,
  type Catalog,
  type CatalogEntry,
  ConfigError,
  type ConfigProblem,
  checkTemplate,
  isC8Error,
  isSecretProperty,
  nearest,
  type OpenStream,
  parseConfig,
  secretsOf,
  selectedColumns,
  selectStreams,
  templateNames,
} from 'c8connector';
import type { Values } from '../document/document.ts';
import { isConfigError } from '../errors.ts';
import type { Host } from '../host.ts';
import { resolveValues } from './resolve-values.ts';

/** The input of an action with `{ $env }` and `{ $file }` replaced, as {@link resolveConfig} does for a config; its secrets are concealed from here on. */
export async function resolveInput(
  action: Pick<Action, 'input'>,
  input: Values,
  host: Pick<Host, 'environment' | 'conceal'>,
  folder?: string,
): Promise<Values> {
  const secrets = action.input.filter(isSecretProperty);
  return await resolveValues(input, host, folder, (resolved) =>
    secretsOf(secrets, Object.fromEntries(secrets.map(({ name }) => [name, resolved[name]]))),
  );
}

/**
 * Checks what can be known of an input before the places of its templates are filled. Throws a ConfigError `input_invalid` with each property that is
 * unknown, missing or wrong.
 */
export function checkInput(action: Action, input: Values): void {
  const names = action.input.map(({ name }) => name);
  const unknown = Object.keys(input)
    .filter((key) => !names.includes(key))
    .map((property): ConfigProblem => {
      const close = nearest(property, names);
      const hint = close === undefined ? `known are ${names.join(', ')}` : `did you mean '${close}'?`;
      return { property, message: `unknown property; ${hint}` };
    });
  const problems = [...problemsOf(action, input), ...unknown];
  if (problems.length === 0) return;
  const lines = problems.map(({ property, message }) => `\n  ${property}: ${message}`).join('');
  throw new ConfigError(`the input of ${action.name} is wrong:${lines}`, { code: 'input_invalid', problems });
}

/** Of the properties that no template fills. */
function problemsOf(action: Action, input: Values): readonly ConfigProblem[] {
  const isFilled = (name: string): boolean => templateNames(input[name]).length > 0;
  const fixed = Object.entries(input).filter(([name]) => !isFilled(name));
  try {
    parseConfig(
      action.input.filter(({ name }) => !isFilled(name)),
      Object.fromEntries(fixed),
    );
    return [];
  } catch (error) {
    if (!isConfigError(error)) throw error;
    return error.problems;
  }
}

/**
 * Checks before anything is sent that each selected stream has the columns that the input of an action is made from; without an input the row itself is. `streams` are those of an opened source. Throws a
 * ConfigError `column_unknown` with all that are missing.
 */
export function checkColumns(
  action: Action,
  input: Values | undefined,
  catalog: Catalog,
  streams: readonly OpenStream[] = [],
): void {
  const mandatory = action.input.filter((property) => property.isMandatory && property.defaultValue === '');
  const template = input ?? mandatory.map(({ name }) => `{{${name}}}`);
  const columns = new Map(streams.map((stream) => [stream.id, stream.columns]));
  const problems = selectStreams(catalog).flatMap((entry) =>
    missingColumns(template, entry, columns.get(entry.tap_stream_id) ?? selectedColumns(entry)),
  );
  if (problems.length > 0) throw new ConfigError(problems.join('\n'), { code: 'column_unknown' });
}

function missingColumns(template: unknown, entry: CatalogEntry, columns: readonly string[]): readonly string[] {
  try {
    checkTemplate(template, columns, `stream '${entry.tap_stream_id}'`);
    return [];
  } catch (error) {
    if (!isC8Error(error)) throw error;
    return [error.message];
  }
}
