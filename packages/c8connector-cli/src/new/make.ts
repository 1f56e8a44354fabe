import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { contentAlone, contentForWorkspace } from './content.ts';
import { writeFiles } from './files.ts';
import type { ConnectorNames } from './names.ts';
import type { Origin } from './origin.ts';
import type { Place } from './place.ts';
import { run } from './run.ts';
import { joinWorkspace } from './workspace.ts';

/**
 * Creates the folder of a connector as a copy of another, atomically: in a draft beside it, which is then renamed. Resolves with whether the files are
 * formatted.
 */
export async function make(
  origin: Origin,
  names: ConnectorNames,
  { folder, workspace }: Place,
  signal: AbortSignal,
): Promise<boolean> {
  const parent = dirname(folder);
  const newParent = await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, `.${basename(folder)}-`));
  let made = draft;
  try {
    const files =
      workspace === undefined
        ? await contentAlone(origin, names, folder, draft)
        : await contentForWorkspace(origin, names, workspace);
    await writeFiles(draft, files);
    const isFormatted = origin.isSample || (await format(draft, [parent, origin.folder, import.meta.dirname]));
    signal.throwIfAborted();
    await chmod(draft, 0o755);
    await rename(draft, folder);
    made = folder;
    if (workspace !== undefined) await joinWorkspace(workspace, names);
    return isFormatted;
  } catch (error) {
    await rm(newParent ?? made, { recursive: true, force: true });
    throw error;
  }
}

/** Formats the copy with the formatter of the first of these folders that has one, because names of another length change line breaks and the order of imports. False when none has one. */
async function format(folder: string, from: readonly string[]): Promise<boolean> {
  const found = from.map(formatterOf).find((path) => path !== undefined);
  if (found === undefined) return false;
  await run(process.execPath, [found, 'check', '--write', '--linter-enabled=false', '.'], folder);
  return true;
}

function formatterOf(folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('@biomejs/biome/package.json');
    return join(dirname(manifest), 'bin', 'biome');
  } catch {
    return undefined;
  }
}
