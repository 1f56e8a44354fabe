import { type C8Connector, ConfigError, type ConfigProblem, secretsOf } from 'c8connector';
import { isObject, type Values } from '../document/document.ts';
import type { Host } from '../host.ts';
import { referenced } from './reference.ts';

/**
 * The config of a connector with its references resolved, at any depth: `{ $env: NAME }` to the value of that variable, `{ $file: PATH }` to the text of that file without its last line
 * break, `{ $file: PATH, as: base64 }` to its bytes in base64. A file that is not UTF-8 can only be read as base64. Paths are relative to `folder`, and without a folder no file is read.
 * The secrets of the config are concealed from then on, also when this throws: one ConfigError `config_invalid` with every property whose value cannot be resolved.
 */
export async function resolveConfig(
  connector: Pick<C8Connector, 'config'>,
  config: Values,
  host: Pick<Host, 'environment' | 'conceal'>,
  folder?: string,
): Promise<Values> {
  return await resolveValues(config, host, folder, (resolved) => secretsOf(connector.config, resolved));
}

/** The same for any values: `secretsIn` returns the texts to conceal. */
export async function resolveValues(
  values: Values,
  { environment, conceal }: Pick<Host, 'environment' | 'conceal'>,
  folder: string | undefined,
  secretsIn: (resolved: Values) => Iterable<string>,
): Promise<Values> {
  const problems: ConfigProblem[] = [];

  const resolveValue = async (value: unknown, property: string): Promise<unknown> => {
    if (Array.isArray(value))
      return await Promise.all(value.map((item, index) => resolveValue(item, `${property}[${index}]`)));
    if (!isObject(value)) return value;
    const found = await referenced(value, { environment, folder });
    if (found === undefined) return await resolveEntries(value, `${property}.`);
    if ('problem' in found) problems.push({ property, message: found.problem });
    return 'problem' in found ? undefined : found.value;
  };
  const resolveEntries = async (object: Values, path: string): Promise<Values> => {
    const entries = Object.entries(object).map(
      async ([key, value]) => [key, await resolveValue(value, path + key)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };

  const resolved = await resolveEntries(values, '');
  conceal(secretsIn(resolved));
  if (problems.length === 0) return resolved;
  throw new ConfigError(problems.map(({ property, message }) => `property '${property}': ${message}`).join('\n'), {
    code: 'config_invalid',
    problems,
    remedy: 'Set the variable, create the file, or give the value in another way.',
  });
}
