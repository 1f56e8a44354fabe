import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringifyValue } from '../singer/values.ts';
import { Finding, NotRunnable } from './check.ts';

/** How long a program may take. */
const limitMilliseconds = 60_000;

/** What a program did. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program of a connector. */
export interface Program {
  /**
   * Runs it to its end. Each object of `files` is written as JSON into a file of its own, which stands behind the flag of the same name: `{ config }` gives
   * `--config FILE`.
   */
  run(flags: readonly string[], files: Readonly<Record<string, unknown>>, input?: string): Promise<Ended>;
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
  return {
    async run(flags, files, input = '') {
      const folder = await mkdtemp(join(tmpdir(), 'c8-conformance-'));
      try {
        const named = await Promise.all(
          Object.entries(files).map(async ([name, content]) => {
            const file = join(folder, `${name}.json`);
            await writeFile(file, stringifyValue(content), { mode: 0o600 });
            return [`--${name}`, file];
          }),
        );
        return await runToEnd([path, ...flags, ...named.flat()], input);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
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

function pathFrom(place: URL | string): string {
  return typeof place !== 'string' || place.startsWith('file:') ? fileURLToPath(place) : resolve(place);
}

async function runToEnd(argv: readonly string[], input: string): Promise<Ended> {
  const child = spawn(process.execPath, argv, {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: limitMilliseconds,
    killSignal: 'SIGKILL',
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A program may end before it has read its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((ended, failed) => {
    child.on('error', failed);
    child.on('close', ended);
  });
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}
