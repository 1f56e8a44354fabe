import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { createMask } from 'c8connector';

/**
 * Masks the values in the files that the command line names after --config and -c, and, with `--config ENV`, those of the program's variables: only the program knows which of them are
 * secret. Values that are plain words, as settings often are, are masked only after the first quote or bracket of a text, where it shows what the
 * program wrote, and not in our own words before it. Those of a property with the name of a secret are masked everywhere.
 */
export function maskOfCommand(command: readonly string[], folder: string): (text: string) => string {
  const settings = configsOf(command).flatMap((name) =>
    name === 'ENV' ? variablesOf(command[0] ?? '') : textsOf(contentOf(resolve(folder, name))),
  );
  const long = settings.filter(({ text }) => text.length >= 4 && !['true', 'false', 'null'].includes(text));
  const strong = createMask(
    long.filter(({ name, text }) => secretName.test(name) || !plainWords.test(text)).map(textOf),
  );
  const all = createMask(long.map(textOf));
  return (text) => {
    const quote = text.search(/["{[]/);
    return quote < 0 ? strong(text) : strong(text.slice(0, quote)) + all(text.slice(quote));
  };
}

interface Setting {
  readonly name: string;
  readonly text: string;
}

const secretName = /pass|secret|token|key|credential|auth|private|cert|signature/i;
const plainWords = /^[A-Za-z]+(?:[ _-][A-Za-z]+)*$/;

function textOf({ text }: Setting): string {
  return text;
}

function configsOf(command: readonly string[]): string[] {
  return command.flatMap((word, index) => {
    if (word === '--config' || word === '-c') return [command[index + 1] ?? ''];
    return word.startsWith('--config=') ? [word.slice('--config='.length)] : [];
  });
}

function variablesOf(program: string): Setting[] {
  const prefix = `${basename(program).replaceAll('-', '_').toUpperCase()}_`;
  return Object.entries(process.env).flatMap(([name, text]) =>
    name.startsWith(prefix) && text ? [{ name, text }] : [],
  );
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The program itself reports the problem.
    return undefined;
  }
}

function textsOf(value: unknown, name = ''): Setting[] {
  if (typeof value === 'string') return [{ name, text: value }, ...passwordsOf(value)];
  if (typeof value === 'number') return secretName.test(name) || value >= 1e7 ? [{ name, text: String(value) }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, Array.isArray(value) ? name : key));
}

/** The passwords in URLs of a text. */
function passwordsOf(text: string): Setting[] {
  return [...text.matchAll(/:\/\/[^/\s:@]*:([^/\s@]+)@/g)].map(([, password = '']) => ({
    name: 'password',
    text: password,
  }));
}
