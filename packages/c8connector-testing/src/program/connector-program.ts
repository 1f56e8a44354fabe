import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Finding, NotRunnable } from '../check.ts';
import { isFile, pathFrom } from '../package-files.ts';
import type { Ended } from './ended.ts';
import { type CommandOptions, type Running, startCommand } from './run-command.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Time limit of a program, in seconds. */
const limit = 60;

/** The files of a program: each object is written to a JSON file, which is passed with the flag of the same name: `{ config }` becomes `--config FILE`. */
type ProgramFiles = Readonly<Record<string, unknown>>;

/** The program of a connector. */
export interface Program {
  /** Runs it to its end. */
  run(flags: readonly string[], files: ProgramFiles, input?: string): Promise<Ended>;
  /** Starts it, for callers that do more than wait for its end. */
  start(flags: readonly string[], files: ProgramFiles, options?: Partial<CommandOptions>): Promise<Running>;
}

interface Place {
  readonly program?: URL | string;
  readonly packageFolder?: URL | string;
}

/** Finds the program. Throws NotRunnable when the options do not name one, and a Finding when it does not exist. */
export async function programOf(place: Place): Promise<Program> {
  const path = await pathOf(place);
  if (!(await isFile(path)))
    throw new Finding('the program of the connector as a file', `no file ${path}; build the connector first`);
  const start: Program['start'] = async (flags, files, options = {}) => {
    const folder = await temporaryFolder();
    const given = Object.entries(files).filter(([, content]) => content !== undefined);
    const named = await Promise.all(
      given.map(async ([name, content]) => [`--${name}`, await folder.writeJson(name, content)]),
    );
    const running = startCommand([process.execPath, path, ...flags, ...named.flat()], { limit, ...options });
    return { ...running, ended: running.ended.finally(() => folder[Symbol.asyncDispose]()) };
  };
  return { start, run: async (flags, files, input = '') => await (await start(flags, files, { input })).ended };
}

async function pathOf({ program, packageFolder }: Place): Promise<string> {
  if (program !== undefined) return pathFrom(program);
  if (packageFolder === undefined) {
    throw new NotRunnable(
      "the options do not say where the connector's program is: give packageFolder: new URL('..', import.meta.url)",
    );
  }
  const folder = pathFrom(packageFolder);
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const bin = typeof manifest === 'object' && manifest !== null && 'bin' in manifest ? manifest.bin : undefined;
  const file = typeof bin === 'object' && bin !== null ? Object.values(bin)[0] : bin;
  if (typeof file !== 'string')
    throw new Finding('a bin in the package.json of the connector', `none in ${join(folder, 'package.json')}`);
  return resolve(folder, file);
}
