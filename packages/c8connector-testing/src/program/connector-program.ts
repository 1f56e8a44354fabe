import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringifyValue } from 'c8connector';
import { Finding, NotRunnable } from '../check.ts';
import { pathFrom } from '../package-files.ts';

/** How long a program may take. */
const limitMilliseconds = 60_000;
const newline = 0x0a;

/** What a program did. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program at work. */
export interface Running {
  readonly pid: number | undefined;
  /** Resolves when the first bytes stand on stdout, or the program has ended without. */
  readonly began: Promise<void>;
  readonly ended: Promise<Ended>;
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
}

interface StartOptions {
  readonly input?: string;
  /** Told how many bytes and whole lines stdout holds so far, whenever more came. */
  readonly onOutput?: (bytes: number, lines: number) => void;
  /** Whether stdout is left unread, so that the program has to wait; what it then holds is not told. */
  readonly isUnread?: boolean;
}

/** What a program reads: each object is written as JSON into a file of its own, which stands behind the flag of the same name: `{ config }` gives `--config FILE`. */
type ProgramFiles = Readonly<Record<string, unknown>>;

/** The program of a connector. */
export interface Program {
  readonly path: string;
  /** Runs it to its end. */
  run(flags: readonly string[], files: ProgramFiles, input?: string): Promise<Ended>;
  /** The same, for those who do not just wait for the end. */
  start(flags: readonly string[], files: ProgramFiles, options?: StartOptions): Promise<Running>;
}

interface Place {
  readonly program?: URL | string;
  readonly packageFolder?: URL | string;
}

/** Finds the program. Throws NotRunnable when the options say nothing of it, a Finding when it is not there. */
export async function programOf(place: Place): Promise<Program> {
  const path = await pathOf(place);
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile)
    throw new Finding('the program of the connector as a file', `no file ${path}; build the connector first`);
  const start: Program['start'] = async (flags, files, options = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'c8-conformance-'));
    const given = Object.entries(files).filter(([, content]) => content !== undefined);
    const named = given.map(async ([name, content]) => {
      const file = join(folder, `${name}.json`);
      await writeFile(file, stringifyValue(content), { mode: 0o600 });
      return [`--${name}`, file];
    });
    const running = startProgram([path, ...flags, ...(await Promise.all(named)).flat()], options);
    return { ...running, ended: running.ended.finally(() => rm(folder, { recursive: true, force: true })) };
  };
  return {
    path,
    start,
    run: async (flags, files, input = '') => await (await start(flags, files, { input })).ended,
  };
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

function startProgram(argv: readonly string[], { input = '', onOutput, isUnread = false }: StartOptions): Running {
  const child = spawn(process.execPath, argv, {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: limitMilliseconds,
    killSignal: 'SIGKILL',
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let [bytes, lines] = [0, 0];
  const began = new Promise<void>((resolve) => {
    child.stdout.once(isUnread ? 'readable' : 'data', () => resolve());
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // A pipe that nobody reads has no end.
  if (isUnread) child.once('exit', () => child.stdout.removeAllListeners('readable').resume());
  else {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      bytes += chunk.length;
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) lines += 1;
      onOutput?.(bytes, lines);
    });
  }
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A program may end before it has read its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
  return { pid: child.pid, began, ended, kill: (signal) => child.kill(signal) };
}
