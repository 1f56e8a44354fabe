import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { publicPackages, root } from './workspace-packages.ts';

const execute = promisify(execFile);

export interface Tarball {
  readonly name: string;
  readonly path: string;
  /** What is in it, relative to the package. */
  readonly files: readonly string[];
}

/** What is released, packed as it is released, into a folder. */
export async function packAll(folder: string): Promise<readonly Tarball[]> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const pnpm = `--package=pnpm@${manifest.devEngines.packageManager.version}`;
  const pack = ['node', 'scripts/release/pack.mjs', folder];
  await execute('npx', ['--yes', '--prefer-offline', pnpm, '--', ...pack], { cwd: root, env: outsideOfCi() });
  const ours = new Set((await publicPackages()).map(({ manifest: { name } }) => name));
  const packed: readonly { readonly name: string; readonly file: string }[] = JSON.parse(
    await readFile(join(folder, 'packages.json'), 'utf8'),
  );
  const tarballs = packed
    .filter(({ name }) => ours.has(name))
    .map(async ({ name, file }) => {
      const path = join(folder, file);
      const { stdout } = await execute('tar', ['-tzf', path]);
      return {
        name,
        path,
        files: stdout
          .trim()
          .split('\n')
          .map((entry) => entry.replace(/^package\//, '')),
      };
    });
  return await Promise.all(tarballs);
}

/** The variables of this process without those of a job that releases: it would write its repository into package.json while other tests read it. */
export function outsideOfCi(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:GITHUB|ACTIONS)_/.test(name)));
}

/** An empty folder of somebody who has Node and npm and nothing of this workspace, with a home that is empty, too. */
export async function openProject() {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'c8connector-release-')));
  const folder = join(home, 'project');
  const run = async (command: string, args: readonly string[], where = '.') => {
    try {
      return await execute(command, args, { cwd: join(folder, where), env: environment(home), maxBuffer: 1e8 });
    } catch (error) {
      const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
      throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  };
  return {
    folder,
    run,
    /** Makes the folder again around these packages. Nothing is asked of the registry that is in npm's cache. */
    async install(packages: readonly string[]) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }));
      await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages]);
    },
    /** What one program of the installed packages says, by npx. */
    say: async (...words: readonly string[]) => (await run('npx', ['--no-install', ...words])).stdout,
    async [Symbol.asyncDispose]() {
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Of this process only what finds Node, the registry and npm's cache: no program of the workspace, and nothing that npm said to its scripts. */
function environment(home: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|C8_|VITEST|NODE_(?!EXTRA)|INIT_CWD|CI$)/i.test(name),
  );
  const path = (process.env.PATH ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
  const registry = process.env.npm_config_registry;
  return {
    ...Object.fromEntries(own),
    ...(registry === undefined ? {} : { npm_config_registry: registry }),
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
    npm_config_userconfig: process.env.npm_config_userconfig ?? join(homedir(), '.npmrc'),
    PATH: path.join(delimiter),
    HOME: home,
  };
}

/** How many packages, and how many bytes, a folder has installed. */
export async function installedSize(folder: string): Promise<{ readonly packages: number; readonly bytes: number }> {
  const modules = join(folder, 'node_modules');
  const lock = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8'));
  return { packages: Object.keys(lock.packages).length, bytes: await bytesIn(modules) };
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return await bytesIn(path);
    return entry.isFile() ? (await stat(path)).size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
