import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the rules need of an exported value of a module. */
export interface Exported {
  readonly name: string;
  /** A class whose instances implement C8Connector, another class, or anything else. */
  readonly kind: 'connector' | 'class' | 'other';
  /** For a class: how many parameters its constructor has. */
  readonly parameters?: number;
  /** For a class: why an instance cannot be made. */
  readonly problem?: string;
  /** For a connector: the result of `about()`, as JSON. */
  readonly about?: string;
}

/** The result of importing a module. */
export interface Loaded {
  readonly exports: readonly Exported[];
  /** Why it could not be imported. */
  readonly problem?: string;
  /** What it printed on stdout during the import. */
  readonly printed: string;
}

const limitMilliseconds = 30_000;

function ownFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('c8connector-testing/package.json'));
}

/** Imports a built module in a process of its own, so that its side effects do no harm. */
export async function loadModule(path: string, folder: string, signal?: AbortSignal): Promise<Loaded> {
  // Node needs the built program, also when a test runs this file from the sources.
  const program = join(ownFolder(), 'dist/guidelines/load-module-main.js');
  const child = fork(program, [path], {
    cwd: folder,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    killSignal: 'SIGKILL',
    timeout: limitMilliseconds,
    ...(signal && { signal }),
  });
  let answer: Omit<Loaded, 'printed'> | undefined;
  const printed = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  child.on('message', (message) => {
    answer ??= message as Omit<Loaded, 'printed'>;
  });
  const ending = await new Promise<string>((resolve, reject) => {
    child.on('error', (error) => (signal?.aborted ? reject(signal.reason) : resolve(error.message)));
    child.on('close', (code, killed) => resolve(endingOf(code, killed)));
  });
  signal?.throwIfAborted();
  if (answer !== undefined) return { ...answer, printed: printed.stdout };
  const [last = ''] = printed.stderr.trim().split('\n').slice(-1);
  return { exports: [], problem: last === '' ? ending : `${ending} (${last})`, printed: printed.stdout };
}

function endingOf(code: number | null, killed: NodeJS.Signals | null): string {
  if (killed !== null) return `its import did not end within ${limitMilliseconds / 1000} s`;
  // Node's code for a module that waits for something that never comes.
  if (code === 13) return 'its import never ends: a top-level await waits for ever';
  return `its import ends the process with ${code}`;
}
