// Takes about 60 s.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version as typescript } from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, pages } from '../docs/blocks.ts';
import { callsOf, commandsOf } from '../docs/commands.ts';
import { installedSize, openProject, packAll, type Tarball } from './packed.ts';
import { root } from './workspace-packages.ts';

const mayBeThere = [
  /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|GETTING_STARTED\.md|ACTIONS\.md|about\.json|events\.schema\.json)$/,
  /^bin\/[\w-]+\.js$/,
  /^dist\/.+\.(js|d\.ts|json)$/,
];
const maySamplesHave = /^samples\/c8-\w+-sample\/([\w-]+\/)*([\w.-]+\.(ts|js|md|json)|LICENSE)$/;

const example = `import { defineSource } from 'c8connector';
import { sourceChecks } from 'c8connector-testing/checks';
import { checkGuidelines } from 'c8connector-testing/guidelines';

class Acme extends defineSource({
  package: { name: 'c8-source-acme', version: '1.0.0' },
  name: 'Acme',
  description: 'Reads nothing.',
  config: {},
  discover: () => [],
  *read() {},
}) {}
console.log(new Acme().name, sourceChecks.length > 0 && typeof checkGuidelines === 'function');
`;

/** What a command of a page says in an empty folder when it was found and understood. */
const missingThings =
  /(config|input|connection_file|catalog)_(unreadable|invalid)|the program '[\w-]+' cannot be started/;

/** The first call of each program of ours on each page, each once; calls inside a connector that the page made are walked by test/docs. */
function firstCommands(connectors: readonly string[]): readonly (readonly string[])[] {
  const programs = ['c8connector', ...connectors];
  const own = pages().filter((page) => !page.includes('/samples/'));
  const calls = own.flatMap((page) => {
    const found = blocksOf(page)
      .filter(({ language }) => language === 'sh' || language === 'console')
      .flatMap((block) => commandsOf(block).flatMap(({ command }) => callsOf(command)));
    return programs.flatMap((program) => {
      const first = found.find(([called]) => called === program);
      return first === undefined ? [] : [first];
    });
  });
  return [...new Map(calls.map((call) => [call.join(' '), call])).values()];
}

describe('a release', { timeout: 240_000 }, () => {
  let vendor: string;
  let tarballs: readonly Tarball[];
  let project: Awaited<ReturnType<typeof openProject>>;

  beforeAll(async () => {
    vendor = await mkdtemp(join(tmpdir(), 'c8connector-tarballs-'));
    tarballs = await packAll(vendor);
    project = await openProject();
    await project.install(tarballs.map(({ path }) => path));
  }, 120_000);
  afterAll(async () => {
    await project?.[Symbol.asyncDispose]();
    await rm(vendor, { recursive: true, force: true });
  });

  const tarballOf = (name: string) => tarballs.find((each) => each.name === name)?.path ?? `no tarball of ${name}`;
  const connectors = () => tarballs.map(({ name }) => name).filter((name) => name.startsWith('c8-'));

  test('has the licence, the README and the built files, and nothing else', () => {
    for (const { name, files } of tarballs) {
      expect(files, name).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
      const allowed = name === 'c8connector-cli' ? [...mayBeThere, maySamplesHave] : mayBeThere;
      expect(
        files.filter((file) => !allowed.some((pattern) => pattern.test(file))),
        name,
      ).toEqual([]);
    }
  });

  test('of the core alone installs at most 10 packages and 4 MB', async () => {
    await using alone = await openProject();
    await alone.install([tarballOf('c8connector')]);
    const { packages, bytes } = await installedSize(alone.folder);
    expect(packages).toBeLessThanOrEqual(10);
    expect(bytes).toBeLessThanOrEqual(4e6);
  });

  test('of the core and the conformance kit compiles in a project that has TypeScript, its defaults, and no types of Node', async () => {
    await using alone = await openProject();
    await alone.install([tarballOf('c8connector'), tarballOf('c8connector-testing'), `typescript@${typescript}`]);
    await writeFile(join(alone.folder, 'index.ts'), example);
    await writeFile(
      join(alone.folder, 'tsconfig.json'),
      '{ "compilerOptions": { "module": "nodenext", "strict": true } }',
    );
    await alone.run('npx', ['--no-install', 'tsc']);
    expect((await alone.run('node', ['index.js'])).stdout).toBe('Acme true\n');
  });

  test('needs nothing that only the workspace has, and does not contain paths of the machine that built it', async () => {
    for (const { name, files } of tarballs) {
      const folder = join(project.folder, 'node_modules', name);
      expect(await readFile(join(folder, 'package.json'), 'utf8'), name).not.toMatch(/"(workspace|catalog|link|file):/);
      for (const file of files) {
        const text = await readFile(join(folder, file), 'utf8');
        expect(text.includes(root), `${name}/${file} names the folder it was built in`).toBe(false);
        expect(text, `${name}/${file}`).not.toMatch(/sourceMappingURL|-BEGIN [A-Z ]*PRIVATE KEY-/);
      }
    }
  });

  test('lists the connectors that are installed beside the host program', async () => {
    const listed = JSON.parse(await project.say('c8connector', 'list', '--json'));
    expect(listed.map((each: { readonly package: string }) => each.package).sort()).toEqual(connectors().sort());
  });

  test('can run every connector with its own program and with the host program', async () => {
    for (const name of connectors()) {
      const about = JSON.parse(await project.say(name, '--about', '--format', 'json'));
      expect(about.packageName).toBe(name);
      expect(JSON.parse(await project.say('c8connector', 'about', name, '--json'))).toEqual(about);
    }
  });

  test('has the program of each command in README and docs, which succeeds, or fails only because of a missing file', async () => {
    const commands = firstCommands(connectors());
    expect(commands.length).toBeGreaterThan(10);
    for (const words of commands) {
      await mkdir(join(project.folder, 'first'), { recursive: true });
      const failure = await project.run('npx', ['--no-install', ...words], 'first').then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (failure !== undefined) expect(failure).toMatch(missingThings);
      await rm(join(project.folder, 'first'), { recursive: true });
    }
  });

  test('of the core alone names the package to install for a command of the host program', async () => {
    await using alone = await openProject();
    await alone.install([tarballOf('c8connector')]);
    await expect(alone.say('c8connector', 'list')).rejects.toThrow('install them with: npm install c8connector-cli');
  });

  test('creates a connector that builds, lints, and passes its tests and the guidelines', async () => {
    await project.say('c8connector', 'new', 'source', 'acme');
    const npm = async (...args: string[]) => (await project.run('npm', args, 'c8-source-acme')).stdout;
    await npm('install', '--prefer-offline', '--no-audit', '--no-fund');
    await npm('run', 'build');
    await npm('run', 'lint');
    expect(await npm('test')).toMatch(/Tests .* passed/);
    await project.run('npx', ['--no-install', 'c8connector', 'check'], 'c8-source-acme');
  });
});
