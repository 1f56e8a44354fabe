import {
  type Action,
  ConfigError,
  type ConfigProblem,
  isC8Error,
  isSecretProperty,
  nearest,
  parseConfig,
  templateNames,
} from 'c8connector';
import type { Host } from '../host.ts';
import { resolveValues } from './resolve-values.ts';

type Input = Readonly<Record<string, unknown>>;

/** Resolves `{ $env }` and `{ $file }` in the input of an action; its secrets are masked from here on. */
export async function resolveInput(action: Action, raw: Input, folder: string, host: Host): Promise<Input> {
  const secrets = action.input.filter(isSecretProperty);
  return await resolveValues(raw, folder, (input) =>
    host.conceal(secrets, Object.fromEntries(secrets.map(({ name }) => [name, input[name]]))),
  );
}

/**
 * Checks what can be known of an input before the places of its templates are filled. Throws a ConfigError `input_invalid` that tells each property that is
 * unknown, missing or wrong.
 */
export function checkInput(action: Action, input: Input): void {
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
function problemsOf(action: Action, input: Input): readonly ConfigProblem[] {
  const isFilled = (name: string): boolean => templateNames(input[name]).length > 0;
  const fixed = Object.entries(input).filter(([name]) => !isFilled(name));
  try {
    parseConfig(
      action.input.filter(({ name }) => !isFilled(name)),
      Object.fromEntries(fixed),
    );
    return [];
  } catch (error) {
    if (!isC8Error(error) || error.name !== 'ConfigError') throw error;
    return (error as ConfigError).problems;
  }
}
