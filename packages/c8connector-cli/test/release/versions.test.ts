import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicPackages, root, type WorkspacePackage, workspacePackages } from './workspace-packages.ts';

describe('the versions of the workspace', () => {
  let folder: string;
  let before: readonly WorkspacePackage[];
  let after: readonly WorkspacePackage[];

  beforeAll(async () => {
    before = await workspacePackages();
    folder = await mkdtemp(join(tmpdir(), 'c8connector-versions-'));
    const files = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset/config.json'];
    for (const file of [...files, ...before.map((each) => join(each.folder, 'package.json'))]) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await cp(join(root, file), join(folder, file));
    }
    await writeFile(join(folder, '.changeset/a-change.md'), '---\n"c8connector-cli": minor\n---\n\nA change.\n');
    const program = join(root, 'node_modules/@changesets/cli/bin.js');
    await promisify(execFile)(process.execPath, [program, 'version'], { cwd: folder });
    after = await workspacePackages(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('are the same for all public packages', async () => {
    const versions = (await publicPackages()).map(({ manifest }) => manifest.version);
    expect(versions.length).toBeGreaterThan(2);
    expect(new Set(versions).size).toBe(1);
  });

  test('move together when one public package changes', () => {
    const versionOf = (packages: readonly WorkspacePackage[]) =>
      packages.filter(({ manifest }) => manifest.private !== true).map(({ manifest }) => manifest.version);
    const [version] = versionOf(after);
    expect(new Set(versionOf(after))).toEqual(new Set([version]));
    expect(versionOf(before)).not.toContain(version);
  });

  test('of private packages do not change', () => {
    const privateOnes = (packages: readonly WorkspacePackage[]) =>
      packages.filter(({ manifest }) => manifest.private === true);
    expect(privateOnes(after)).toEqual(privateOnes(before));
  });
});
