import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { create, entriesOf, openFolder, openWorkspace, removeFolders, root, textsIn } from './new-folders.ts';

afterEach(removeFolders);

const connectors = ['c8-source-postgres', 'c8-target-s3', 'c8-integration-slack'] as const;
const oldNames = {
  'c8-source-postgres': /c8.source.postgres|PostgresSource|PostgresConfig|name: 'PostgreSQL'|^# .*postgres/im,
  'c8-target-s3': /c8.target.s3|S3Target|S3Config|name: 'S3'|^# .*s3/im,
  'c8-integration-slack': /c8.integration.slack|SlackIntegration|SlackConfig|name: 'Slack'|^# .*slack/im,
};

describe('new in a workspace', () => {
  it.each(['source', 'target', 'integration'] as const)(
    'makes a %s from the sample, with every name changed',
    async (type) => {
      const workspace = await openWorkspace();
      const manifestOfRoot = await readFile(join(workspace, 'package.json'), 'utf8');
      const printed = await create(workspace, { type, name: 'acme-crm' });
      const folder = join(workspace, 'connectors', `c8-${type}-acme-crm`);
      const texts = await textsIn(folder);
      const module = `c8_${type}_acme_crm`;
      const className = `AcmeCrm${type.charAt(0).toUpperCase()}${type.slice(1)}`;

      expect(Object.keys(texts)).toEqual(
        expect.arrayContaining(
          ['LICENSE', 'README.md', 'GETTING_STARTED.md', 'package.json', 'tsconfig.json', 'test/tsconfig.json'].concat([
            'test/conformance.test.ts',
            `${module}/index.ts`,
            `${module}/main.ts`,
            `bin/c8-${type}-acme-crm.js`,
          ]),
        ),
      );
      expect(Object.keys(texts).filter((path) => /dist|node_modules|CHANGELOG|turbo|biome|vitest/.test(path))).toEqual(
        [],
      );
      for (const [path, text] of Object.entries(texts))
        expect(`${path}\n${text.replaceAll('samples', '')}`).not.toMatch(/sample/i);
      expect(texts[`${module}/index.ts`]).toMatch(new RegExp(`export class ${className} [^]*name: 'Acme Crm'`));
      // Nothing was released yet.
      expect(Object.keys(texts)).not.toContain('about.json');
      const manifest = JSON.parse(texts['package.json'] ?? '');
      expect(manifest).toMatchObject({
        name: `c8-${type}-acme-crm`,
        version: '0.1.0',
        dependencies: { c8connector: 'workspace:^' },
      });
      expect(manifest).not.toHaveProperty('private');
      expect(await readFile(join(workspace, 'package.json'), 'utf8')).toBe(manifestOfRoot);
      expect(await readFile(join(workspace, `.changeset/new-c8-${type}-acme-crm.md`), 'utf8')).toContain(
        `"c8-${type}-acme-crm": minor`,
      );
      expect(printed).toContain(`npm test -- connectors/c8-${type}-acme-crm`);
    },
  );

  it.each(connectors)('copies %s with every name changed, and the words of its service kept', async (like) => {
    const workspace = await openWorkspace();
    await create(workspace, { name: 'warehouse', like: join(root, 'connectors', like) });
    const [made = ''] = await readdir(join(workspace, 'connectors'));
    expect(made).toBe(like.replace(/[^-]*$/, 'warehouse'));
    const texts = await textsIn(join(workspace, 'connectors', made));
    for (const [path, text] of Object.entries(texts)) expect(`${path}\n${text}`).not.toMatch(oldNames[like]);
    const before = await textsIn(join(root, 'connectors', like, 'test'));
    const after = Object.keys(texts).filter((path) => path.startsWith('test/'));
    expect(after).toEqual(Object.keys(before).map((path) => `test/${path}`));
    // A copy is built by the compiler alone.
    expect(Object.keys(texts)).not.toContain('rolldown.config.mjs');
    expect(texts['package.json']).not.toContain('rolldown');
    expect(Object.values(texts).join('\n')).toContain(
      { 'c8-source-postgres': 'startPostgres', 'c8-target-s3': 'S3Server', 'c8-integration-slack': 'SlackServer' }[
        like
      ],
    );
  });

  it('accepts the full name of a package, also in a folder below', async () => {
    const workspace = await openWorkspace();
    await create(join(workspace, 'packages/c8connector'), { type: 'c8-source-acme' });
    expect(await readdir(join(workspace, 'connectors'))).toEqual(['c8-source-acme']);
  });

  it('leaves nothing behind when it cannot be added to the release', async () => {
    const workspace = await openWorkspace();
    await rm(join(workspace, '.changeset'), { recursive: true });
    const before = await entriesOf(workspace);
    await expect(create(workspace, { type: 'source', name: 'acme' })).rejects.toThrow('ENOENT');
    expect(await entriesOf(workspace)).toEqual(before);
  });
});

describe('new outside of a workspace', () => {
  it('creates a folder that needs nothing outside of it', async () => {
    const folder = await openFolder();
    const printed = await create(folder, { type: 'source', name: 'acme', folder: 'some/where' });
    const made = join(folder, 'some/where/c8-source-acme');
    const texts = await textsIn(made);
    expect(await readdir(join(folder, 'some/where'))).toEqual(['c8-source-acme']);
    expect(Object.keys(texts)).toEqual(expect.arrayContaining(['.gitignore', 'biome.json', 'vitest.config.ts']));
    expect(JSON.parse(texts['tsconfig.json'] ?? '')).toMatchObject({
      compilerOptions: { strict: true, rootDir: 'c8_source_acme' },
    });
    expect(texts['tsconfig.json']).not.toContain('extends');
    expect(texts['package.json']).not.toMatch(/catalog:|workspace:/);
    const { dependencies, devDependencies, scripts } = JSON.parse(texts['package.json'] ?? '');
    for (const spec of [dependencies.c8connector, devDependencies['c8connector-cli']])
      expect(Object.keys(texts)).toContain(spec.replace('file:', ''));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['build', 'lint', 'test', 'check']));
    expect(printed).toContain('cd some/where/c8-source-acme\n  npm install\n  npm test\n  npm run check');
  });
});

describe('new as a copy of a standalone connector', () => {
  let home: string;
  let like: string;
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'c8connector-new-')));
    await create(home, { type: 'target', name: 'first' });
    like = join(home, 'c8-target-first');
    const manifest = JSON.parse(await readFile(join(like, 'package.json'), 'utf8'));
    manifest.devDependencies['fake-server'] = 'file:vendor/fake.tgz';
    await writeFile(join(like, 'package.json'), JSON.stringify(manifest));
  });
  afterAll(() => rm(home, { recursive: true }));

  it('still finds its own tarballs, and takes the core from the place of the program', async () => {
    const folder = await openFolder();
    await create(folder, { name: 'second', like });
    const texts = await textsIn(join(folder, 'c8-target-second'));
    const { dependencies, devDependencies } = JSON.parse(texts['package.json'] ?? '');
    expect(join(folder, 'c8-target-second', devDependencies['fake-server'].slice(5))).toBe(
      join(like, 'vendor/fake.tgz'),
    );
    expect(Object.keys(texts)).toContain(dependencies.c8connector.slice(5));
    for (const [path, text] of Object.entries(texts).filter(([path]) => !/^(?:vendor|package)/.test(path)))
      expect(`${path}\n${text}`).not.toMatch(/c8.target.first|FirstTarget|'First'/);
  });

  it('in a workspace leaves the tools to the root', async () => {
    const workspace = await openWorkspace();
    await create(workspace, { name: 'second', like });
    const texts = await textsIn(join(workspace, 'connectors/c8-target-second'));
    expect(Object.keys(texts).filter((path) => /^(?:vendor|biome|vitest|\.gitignore)/.test(path))).toEqual([]);
    expect(texts['tsconfig.json']).toContain('"extends": "../../tsconfig.base.json"');
    const { scripts, dependencies, devDependencies } = JSON.parse(texts['package.json'] ?? '');
    expect(scripts).toEqual({ build: 'tsc -p tsconfig.json' });
    expect(dependencies).toEqual({ c8connector: 'workspace:^' });
    expect(devDependencies).toMatchObject({ '@types/node': 'catalog:', typescript: 'catalog:', vitest: 'catalog:' });
    expect(devDependencies).not.toHaveProperty('c8connector-cli');
  });
});
