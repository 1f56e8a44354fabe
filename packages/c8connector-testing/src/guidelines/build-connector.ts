import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ConfigError } from 'c8connector';
import { isFile } from '../package-files.ts';
import { type BuildProblem, compile } from './compiler.ts';
import { type Loaded, loadModule } from './load-module.ts';

/** The result of building the sources. */
export interface Built {
  /** The compiler's errors; [] when there are none. */
  readonly problems: readonly BuildProblem[];
  /** The module `index.ts`; undefined when it could not be built. */
  readonly loaded: Loaded | undefined;
}

/**
 * Builds the sources with the package's own TypeScript, and loads them. The output is in a temporary folder directly below the package, so that
 * `../package.json` and installed packages are found as from `dist`.
 */
export async function buildConnector(
  folder: string,
  moduleFolder: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Built> {
  const compiler = await compilerOf(folder);
  if (compiler === undefined) {
    const message = 'TypeScript is not installed where this package would find it';
    return { problems: [{ file: 'package.json', line: undefined, message }], loaded: undefined };
  }
  const output = await outputFolder(folder);
  try {
    const problems = await compile(compiler, flagsFor(output), folder, signal);
    const index = await indexOf(output, moduleFolder);
    if (index === undefined) return { problems, loaded: undefined };
    const loaded = await loadModule(index, folder, signal);
    if (loaded.problem === undefined) return { problems, loaded };
    // Node names the built file, which is removed before anyone reads the message.
    return { problems, loaded: { ...loaded, problem: loaded.problem.replaceAll(output, moduleFolder ?? '') } };
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

async function outputFolder(folder: string): Promise<string> {
  try {
    return await mkdtemp(join(folder, '.c8connector-check-'));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new ConfigError(
      `nothing can be written in '${folder}' (${reason}), and checking a connector means building it`,
      {
        code: 'call_invalid',
        remedy: 'Give the folder to the user who runs the check, or check a copy of it.',
        cause,
      },
    );
  }
}

async function compilerOf(folder: string): Promise<string | undefined> {
  for (const modules of createRequire(join(folder, 'package.json')).resolve.paths('typescript') ?? []) {
    const compiler = join(modules, 'typescript/bin/tsc');
    if (await isFile(compiler)) return compiler;
  }
  return undefined;
}

function flagsFor(output: string): string[] {
  // The package's own settings define what is allowed, and these options where the output goes.
  const places = ['--outDir', output, '--declarationDir', 'null', '--tsBuildInfoFile', 'null'];
  const settings = ['--noEmit', 'false', '--emitDeclarationOnly', 'false', '--noEmitOnError', 'false'];
  const unsaved = ['--incremental', 'false', '--composite', 'false', '--pretty', 'false'];
  return ['-p', 'tsconfig.json', ...places, ...settings, ...unsaved];
}

/** The path of the built index, which depends on the rootDir of the package. */
async function indexOf(output: string, moduleFolder: string | undefined): Promise<string | undefined> {
  for (const path of [join(output, 'index.js'), join(output, moduleFolder ?? '', 'index.js')]) {
    if (await isFile(path)) return path;
  }
  return undefined;
}
