import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Files in the folder of a connector that are not copied: generated, written by a run, private, or of a build that a copy does not have. */
const left = [
  /^\./,
  /^(?:node_modules|dist|coverage|vendor)$/,
  /^(?:rolldown\.config\.mjs|CHANGELOG\.md|package-lock\.json|pnpm-lock\.yaml|yarn\.lock)$/,
  /\.(?:tsbuildinfo|tgz|log|ledger)$/,
  /\.(?:state|run)\.json$/,
];
/** Files of a standalone package, which a package in a workspace finds in the root; created again when they are needed. */
const standaloneOnly = ['biome.json', 'vitest.config.ts'];

/** A file of a connector. */
export interface SourceFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Text when the file is UTF-8. */
  readonly content: string | Uint8Array;
}

/** The files of a connector that are copied, in the order of their paths. Links are not followed. */
export async function readFiles(folder: string): Promise<readonly SourceFile[]> {
  const paths = (await pathsIn(folder, '')).filter((path) => !standaloneOnly.includes(path));
  return await Promise.all(
    paths.sort().map(async (path) => ({ path, content: textOrBytes(await readFile(join(folder, path))) })),
  );
}

async function pathsIn(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const kept = entries.filter(({ name }) => !left.some((pattern) => pattern.test(name)));
  const found = kept.map(async (entry) => {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) return await pathsIn(folder, `${path}/`);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

/** Writes files below a folder; programs in `bin` are executable. */
export async function writeFiles(folder: string, files: readonly SourceFile[]): Promise<void> {
  for (const { path, content } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
  }
}
