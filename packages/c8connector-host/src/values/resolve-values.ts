import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from 'c8connector';
import { isObject } from '../document/document.ts';

/**
 * Replaces `{ $env: NAME }` by the value of that variable, and `{ $file: PATH }` by the content of that file without its last line break. Paths are relative to
 * `folder`. Throws one ConfigError `config_invalid` that names every property whose value cannot be had; before that `conceal` is called with
 * all that could be had, so that the secrets in it are masked already.
 */
export async function resolveValues(
  config: Readonly<Record<string, unknown>>,
  folder: string,
  conceal: (config: Readonly<Record<string, unknown>>) => void,
): Promise<Readonly<Record<string, unknown>>> {
  const problems: { readonly property: string; readonly message: string }[] = [];

  const resolveValue = async (value: unknown, property: string): Promise<unknown> => {
    if (Array.isArray(value))
      return await Promise.all(value.map((item, index) => resolveValue(item, `${property}[${index}]`)));
    if (!isObject(value)) return value;
    const reference = ['$env', '$file'].find((key) => Object.hasOwn(value, key));
    if (reference === undefined) return await resolveEntries(value, `${property}.`);
    const name = value[reference];
    const found = await lookUp(reference, name, Object.keys(value).length, folder);
    if ('problem' in found) problems.push({ property, message: found.problem });
    return 'problem' in found ? undefined : found.value;
  };
  const resolveEntries = async (values: Readonly<Record<string, unknown>>, path: string) => {
    const entries = Object.entries(values).map(
      async ([key, value]) => [key, await resolveValue(value, path + key)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };

  const resolved = await resolveEntries(config, '');
  conceal(resolved);
  if (problems.length === 0) return resolved;
  throw new ConfigError(problems.map(({ property, message }) => `property '${property}': ${message}`).join('\n'), {
    code: 'config_invalid',
    problems,
    remedy: 'Set the variable, write the file, or give the value in another way.',
  });
}

type Found = { readonly value: string } | { readonly problem: string };

async function lookUp(reference: string, name: unknown, keys: number, folder: string): Promise<Found> {
  if (typeof name !== 'string' || name === '' || keys > 1) {
    return {
      problem: `${reference} takes one text and stands alone, as in { ${reference}: ${reference === '$env' ? 'NAME' : './path'} }`,
    };
  }
  if (reference === '$env') {
    const value = process.env[name];
    return value === undefined ? { problem: `the environment variable ${name} is not set` } : { value };
  }
  const path = resolve(folder, name);
  try {
    return { value: (await readFile(path, 'utf8')).replace(/\r?\n$/, '') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: `the file ${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}` };
  }
}
