import { spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { ConfigError } from 'c8connector';
import { integrationChecks, sourceChecks, targetChecks } from 'c8connector-testing/checks';
import { connectorNames } from 'c8connector-testing/guidelines';

const checks = { source: sourceChecks, target: targetChecks, integration: integrationChecks } as const;
const testFile = 'test/conformance.test.ts';

interface ConformanceOptions {
  /** Whether the output of vitest goes to stderr, because stdout is used for something else. */
  readonly isQuiet: boolean;
  readonly signal: AbortSignal;
}

/**
 * Runs the conformance test of a package with its installed vitest, and resolves with the exit code. Throws a ConfigError when there is no test, no vitest, or no
 * check with a given number.
 */
export async function runConformance(
  folder: string,
  numbers: readonly number[] | undefined,
  { isQuiet, signal }: ConformanceOptions,
): Promise<number> {
  if (!(await isFile(join(folder, testFile)))) {
    throw refused(
      `'${folder}' has no ${testFile}`,
      'Call testSource, testTarget or testIntegration of c8connector-testing in it.',
    );
  }
  const titles = numbers === undefined ? [] : await titlesOf(folder, numbers);
  const flags = titles.length === 0 ? [] : ['-t', `(?:${titles.map(literal).join('|')})$`];
  const root = (await configFolder(folder)) ?? folder;
  const file = relative(root, join(folder, testFile)).split(sep).join('/');
  const command = [await vitestOf(folder), 'run', file, '--root', root, ...flags];
  const child = spawn(process.execPath, command, { cwd: root, signal, stdio: ['ignore', isQuiet ? 2 : 1, 2] });
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** The titles of the checks with these numbers: vitest selects by title, and only the kit knows which titles belong to a number. */
async function titlesOf(folder: string, numbers: readonly number[]): Promise<readonly string[]> {
  const { name } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const type = connectorNames(name)?.type;
  if (type === undefined)
    throw refused(`'${name}' is not the name of a connector`, 'Correct it in package.json first.');
  const known: readonly { readonly number: number; readonly title: string }[] = checks[type];
  const unknown = numbers.find((number) => !known.some((check) => check.number === number));
  if (unknown !== undefined) {
    const all = [...new Set(known.map(({ number }) => number))].join(', ');
    throw refused(`the kit has no check ${unknown} for a ${type}`, `It has ${all}.`);
  }
  return known.filter(({ number }) => numbers.includes(number)).map(({ number, title }) => `${number} ${title}`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The folder of the configuration that vitest would use, which its paths are relative to: in a workspace, one for all packages. */
async function configFolder(folder: string): Promise<string | undefined> {
  const files = await readdir(folder).catch(() => []);
  if (files.some((file) => /^vite(?:st)?\.config\.[cm]?[jt]s$/.test(file))) return folder;
  return dirname(folder) === folder ? undefined : await configFolder(dirname(folder));
}

async function vitestOf(folder: string): Promise<string> {
  for (const modules of createRequire(join(folder, 'package.json')).resolve.paths('vitest') ?? []) {
    const program = join(modules, 'vitest/vitest.mjs');
    if (await isFile(program)) return program;
  }
  throw refused(`vitest is not installed where '${folder}' would find it`, 'Install it: npm install --save-dev vitest');
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function refused(message: string, remedy: string): ConfigError {
  return new ConfigError(message, { code: 'call_invalid', remedy });
}
