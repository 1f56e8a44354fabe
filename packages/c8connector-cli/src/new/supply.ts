import { mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ConfigError } from 'c8connector';
import manifest from '../../package.json' with { type: 'json' };
import type { Versions } from './manifest.ts';
import { ownFolder } from './origin.ts';
import { run } from './run.ts';

/** What a standalone connector depends on that may not be in a registry. */
export interface Needs {
  /** The final place of the folder. */
  readonly folder: string;
  /** Where it is being made. */
  readonly draft: string;
  /** Packages that the copied connector takes from its own workspace, and that workspace. */
  readonly packages: readonly string[];
  readonly workspace: string | undefined;
}

const own = ['c8connector', 'c8connector-cli', 'c8connector-host', 'c8connector-testing'];

/**
 * The specs for the core, this program, and the other packages that the original takes from its workspace: the tarballs from which this program was installed;
 * tarballs that are packed into `vendor` of the new folder, when this program runs from a clone; or versions of the registry.
 */
export async function supply(needs: Needs): Promise<Versions> {
  const program = await realpath(ownFolder);
  const clone = await cloneOf(program);
  const others = needs.packages.filter((name) => !own.includes(name));
  if (clone !== undefined && clone === needs.workspace) return await pack(clone, [...own, ...others], needs.draft);
  const rest = others.length === 0 ? {} : await packOthers(needs, others);
  if (clone !== undefined) return { ...rest, ...(await pack(clone, own, needs.draft)) };
  const installed = await tarballs(program, needs.folder);
  return { ...rest, ...(installed ?? Object.fromEntries(own.map((name) => [name, `^${manifest.version}`]))) };
}

/** The root of the workspace that contains this program's sources; undefined when it was installed. */
async function cloneOf(program: string): Promise<string | undefined> {
  const root = join(program, '..', '..');
  return program.includes(`${sep}node_modules${sep}`) || !(await isFile(join(root, 'pnpm-workspace.yaml')))
    ? undefined
    : root;
}

async function packOthers({ workspace, draft }: Needs, names: readonly string[]): Promise<Versions> {
  if (workspace !== undefined) return await pack(workspace, names, draft);
  throw new ConfigError(`${names.join(', ')} cannot be found: the copied connector takes it from a workspace`, {
    code: 'connector_unknown',
    remedy: 'Copy the connector inside its workspace.',
  });
}

/** Packs packages of a workspace as they would be published. */
async function pack(workspace: string, names: readonly string[], draft: string): Promise<Versions> {
  const vendor = join(draft, 'vendor');
  await mkdir(vendor, { recursive: true });
  const root = JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8'));
  const pnpm = `pnpm@${root.devEngines?.packageManager?.version ?? 'latest'}`;
  const filters = names.flatMap((name) => ['--filter', name]);
  const words = ['--yes', '--prefer-offline', `--package=${pnpm}`, '--', 'pnpm', ...filters, 'pack'];
  await run('npx', [...words, '--pack-destination', vendor], workspace);
  const files = await readdir(vendor);
  return Object.fromEntries(
    names.map((name) => {
      const file = files.find((each) => each.startsWith(`${name}-`) && /^\d/.test(each.slice(name.length + 1)));
      if (file === undefined)
        throw new ConfigError(`${workspace} has no package ${name} that can be packed`, { code: 'connector_unknown' });
      return [name, `file:vendor/${file}`];
    }),
  );
}

/** The files from which npm installed this program, relative to a folder; undefined when they came from elsewhere. */
async function tarballs(program: string, folder: string): Promise<Versions | undefined> {
  const modules = dirname(program);
  const text = await readFile(join(modules, '.package-lock.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { packages } = JSON.parse(text) as { readonly packages?: Record<string, { readonly resolved?: string }> };
  const found = own.map((name) => [name, packages?.[`node_modules/${name}`]?.resolved ?? ''] as const);
  if (!found.every(([, resolved]) => resolved.startsWith('file:'))) return undefined;
  const specs = found.map(async ([name, resolved]) => {
    const path = resolve(dirname(modules), resolved.slice('file:'.length));
    if (await isFile(path)) return [name, `file:${relative(folder, path).split(sep).join('/')}`];
    throw new ConfigError(`${path} no longer exists; ${name} was installed from it`, {
      code: 'driver_missing',
      remedy: `Restore the file, or install ${name} again.`,
    });
  });
  return Object.fromEntries(await Promise.all(specs));
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
