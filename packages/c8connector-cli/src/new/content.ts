import { relative, resolve, sep } from 'node:path';
import { readFiles, type SourceFile } from './files.ts';
import { dependenciesWith, fromCatalog, type Manifest, newManifest, withSpecs } from './manifest.ts';
import type { ConnectorNames } from './names.ts';
import type { Origin } from './origin.ts';
import { enclosingWorkspace, readWorkspace } from './place.ts';
import { renameDisplayName, renamer } from './rename.ts';
import { knownVersions, setupAmong, standaloneFiles, standaloneManifest } from './standalone.ts';
import { supply } from './supply.ts';
import { workspaceConfigs } from './tsconfig.ts';
import { workspaceManifest } from './workspace.ts';

/** All files of a copy that becomes part of a workspace. */
export async function contentForWorkspace(origin: Origin, names: ConnectorNames, workspace: string) {
  const renamed = await renamedFiles(origin, names);
  const manifest = await workspaceManifest(newManifest(textOf(renamed, 'package.json'), names), workspace);
  return merged(renamed, [...workspaceConfigs(names), manifestFile(manifest)]);
}

/** All files of a standalone copy: `folder` is its final place, `draft` is where it is made and where tarballs are put. */
export async function contentAlone(origin: Origin, names: ConnectorNames, folder: string, draft: string) {
  const renamed = await renamedFiles(origin, names);
  const manifest = newManifest(textOf(renamed, 'package.json'), names);
  const workspace = origin.isSample ? undefined : await enclosingWorkspace(origin.folder);
  const { catalog, allowBuilds } =
    workspace === undefined ? { catalog: knownVersions, allowBuilds: {} } : await readWorkspace(workspace);
  const packages = dependenciesWith(manifest, 'workspace:');
  const supplied = await supply({ folder, draft, packages, workspace });
  const specs = withSpecs(manifest, (name, spec) => {
    if (supplied[name] !== undefined) return supplied[name];
    if (spec.startsWith('file:')) return movedFile(spec, origin.folder, folder);
    return spec.startsWith('catalog:') ? fromCatalog(name, catalog) : spec;
  });
  const setup = setupAmong(renamed.map(({ path }) => path));
  return merged(renamed, [
    ...standaloneFiles(names, setup),
    manifestFile(standaloneManifest(specs, supplied, allowBuilds)),
  ]);
}

/** A `file:` spec of one folder, rewritten for another. */
function movedFile(spec: string, from: string, to: string): string {
  return `file:${relative(to, resolve(from, spec.slice('file:'.length)))
    .split(sep)
    .join('/')}`;
}

async function renamedFiles({ folder, names: from }: Origin, to: ConnectorNames): Promise<readonly SourceFile[]> {
  const rename = renamer(from, to);
  // It describes the last release of the original, and the copy has not been released.
  const files = (await readFiles(folder)).filter(({ path }) => path !== 'about.json');
  return files.map((file) => {
    const path = rename(file.path);
    if (typeof file.content !== 'string') return { ...file, path };
    const content = rename(file.content);
    if (path === `${to.moduleFolder}/index.ts`) return { path, content: renameDisplayName(content, from, to) };
    return { path, content };
  });
}

function merged(files: readonly SourceFile[], own: readonly SourceFile[]): readonly SourceFile[] {
  const replaced = new Set(own.map(({ path }) => path));
  return [...files.filter(({ path }) => !replaced.has(path)), ...own];
}

function manifestFile(manifest: Manifest): SourceFile {
  return { path: 'package.json', content: `${JSON.stringify(manifest, null, 2)}\n` };
}

function textOf(files: readonly SourceFile[], path: string): string {
  const content = files.find((file) => file.path === path)?.content;
  return typeof content === 'string' ? content : '{}';
}
