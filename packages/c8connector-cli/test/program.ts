import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const bin = join(import.meta.dirname, '../bin/c8connector-cli.js');
const core = dirname(createRequire(import.meta.url).resolve('c8connector/package.json'));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly folder?: string;
}

/** A folder of a user: with the connectors of the fixtures in it, and the core where they import it from. */
export async function openFolder() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'c8connector-cli-')));
  await cp(join(import.meta.dirname, 'fixtures'), folder, { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  await symlink(core, join(folder, 'node_modules/c8connector'));
  const start = (args: readonly string[], options: Options = {}) =>
    startProcess(process.execPath, [bin, ...args], { folder, ...options });
  return {
    path: folder,
    start,
    run: async (args: readonly string[], options: Options = {}) => await start(args, options).ended,
    /** The same on a pseudo-terminal, where stdout and stderr are one; with `script` of util-linux. */
    async runOnTerminal(args: readonly string[], options: Options = {}): Promise<Ended> {
      const command = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(' ');
      const terminal = ['-qec', `stty cols 100 rows 24; ${command}`, '/dev/null'];
      return await startProcess('script', terminal, { folder, ...options, env: { TERM: 'xterm', ...options.env } })
        .ended;
    },
    async write(name: string, content: string | object): Promise<void> {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    },
    read: async (name: string) => await readFile(join(folder, name), 'utf8'),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Folder = Awaited<ReturnType<typeof openFolder>>;

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once a text has come on stderr or stdout. */
  says(text: string): Promise<void>;
}

function startProcess(
  command: string,
  args: readonly string[],
  { env = {}, stdin = '', folder = '.' }: Options,
): Started {
  const child = spawn(command, args, { cwd: folder, env: { PATH: process.env.PATH, ...env } });
  let stdout = '';
  let stderr = '';
  const waiting: (() => void)[] = [];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    for (const look of waiting) look();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    child,
    ended,
    async says(text) {
      const said = new Promise<void>((resolve) => {
        const look = (): void => {
          if ((stdout + stderr).includes(text)) resolve();
        };
        waiting.push(look);
        look();
      });
      const early = ended.then((end) =>
        Promise.reject(new Error(`it ended without saying '${text}': ${end.stderr}${end.stdout}`)),
      );
      await Promise.race([said, early]);
    },
  };
}

/** A connection from the lists to the files, with what a test wants otherwise. */
export function connection(
  change: { readonly source?: object; readonly target?: object; readonly [key: string]: unknown } = {},
): object {
  const { source = {}, target = {}, ...rest } = change;
  return {
    source: { connector: './source.mjs', config: { token: 'quite-secret-token', host: 'here', ...source } },
    target: { connector: './target.mjs', config: { folder: 'out', key: 'also-secret-key', ...target } },
    ...rest,
  };
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

/** The ids of the rows that the target holds of a stream, without those that came again. */
export async function idsOf(folder: Folder, stream: string): Promise<number[]> {
  const rows = jsonLines(await folder.read(`out/${stream}.jsonl`));
  return [...new Set(rows.map((row) => Number(row.id)))].sort((one, other) => one - other);
}

export function numbers(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
