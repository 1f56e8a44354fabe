import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Values } from '../document/document.ts';
import type { Host } from '../host.ts';

/** What references are resolved with: the variables of the host, and the folder that paths are relative to. Without a folder no file is read. */
export interface Places {
  readonly environment: Host['environment'];
  readonly folder: string | undefined;
}

/** The value of a reference, or why there is none. */
export type Referenced = { readonly value: string } | { readonly problem: string };

/** Resolves `{ $env: NAME }`, `{ $file: PATH }` or `{ $file: PATH, as: base64 }`. Undefined for any other object. */
export async function referenced(value: Values, places: Places): Promise<Referenced | undefined> {
  if (Object.hasOwn(value, '$env')) {
    const { $env: name, ...more } = value;
    return isText(name) && isEmpty(more) ? variable(name, places) : { problem: misuse.$env };
  }
  if (!Object.hasOwn(value, '$file')) return undefined;
  const { $file: path, as: form, ...more } = value;
  if (!isText(path) || !isEmpty(more)) return { problem: misuse.$file };
  if (form !== undefined && form !== 'base64') return { problem: misuse.as };
  return await content(path, form === 'base64', places);
}

const misuse = {
  $env: '$env needs one text and no other key, as in { $env: NAME }',
  $file: '$file needs one text, and no other key but as, as in { $file: ./path } and { $file: ./path, as: base64 }',
  as: 'as can only be base64, as in { $file: ./path, as: base64 }',
};

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

function variable(name: string, { environment }: Places): Referenced {
  const value = environment[name];
  return typeof value === 'string' ? { value } : { problem: `the environment variable ${name} is not set` };
}

async function content(name: string, isBase64: boolean, { folder }: Places): Promise<Referenced> {
  if (folder === undefined) return { problem: '$file can be given only in a file' };
  const path = resolve(folder, name);
  try {
    const bytes = await readFile(path);
    if (isBase64) return { value: bytes.toString('base64') };
    // Decoding would replace bytes by replacement characters.
    if (!isUtf8(bytes)) return { problem: notText(path) };
    return { value: bytes.toString('utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: `the file ${path} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}` };
  }
}

function notText(path: string): string {
  return `the file ${path} is not text in UTF-8; store it as UTF-8, or give its bytes with { $file: …, as: base64 }`;
}
