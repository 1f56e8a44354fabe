import {
  type Action,
  type Catalog,
  type CatalogEntry,
  ConfigError,
  checkInputColumns,
  isSecretProperty,
  type OpenStream,
  secretsOf,
  selectedColumns,
  selectStreams,
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
 * Checks, before anything is sent, that the rows of each selected stream can become inputs of an action, see {@link checkInputColumns}. `streams` are those of an opened source. Throws one ConfigError
 * with the problems of all of them.
 */
export function checkColumns(
  action: Action,
  input: Values | undefined,
  catalog: Catalog,
  streams: readonly OpenStream[] = [],
): void {
  const columns = new Map(streams.map((stream) => [stream.id, stream.columns]));
  const problems = selectStreams(catalog).flatMap((entry) =>
    problemsOf(action, input, entry, columns.get(entry.tap_stream_id) ?? selectedColumns(entry)),
  );
  const [first] = problems;
  if (first === undefined) return;
  const messages = problems.map(({ message }) => message).join('\n');
  throw new ConfigError(messages, {
    code: first.code,
    ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
    problems: problems.flatMap((error) => error.problems),
  });
}

function problemsOf(
  action: Action,
  template: Values | undefined,
  entry: CatalogEntry,
  columns: readonly string[],
): readonly ConfigError[] {
  try {
    checkInputColumns(action, template, columns, `stream '${entry.tap_stream_id}'`);
    return [];
  } catch (error) {
    if (!isConfigError(error)) throw error;
    return [error];
  }
}
