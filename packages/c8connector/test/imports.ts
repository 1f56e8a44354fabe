import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

/** A file of TypeScript. */
export interface SourceFile {
  /** From the folder that the arrows are about, with `/` between its parts. */
  readonly path: string;
  readonly text: string;
}

/** All TypeScript files below a folder; `from` is what their paths begin at. */
export function sourceFiles(folder: string, from = folder): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ path: relative(from, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}

const forms = [
  /^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^[ \t]*import\s*['"]([^'"]+)['"]/gm,
  // Loaded later, or the type of an import.
  /\bimport\(\s*['"]([^'"]+)['"]/g,
];

/** What a file imports, types included, as it is written. */
export function importsOf({ text }: SourceFile): readonly string[] {
  return forms.flatMap((form) => [...text.matchAll(form)].map(([, name = '']) => name));
}

/** Imports that lead from one room to another which is not below it, as sentences. `rooms` are the levels from the top down; paths begin in the folder of the rooms. */
export function upwardImports(files: readonly SourceFile[], rooms: readonly (readonly string[])[]): readonly string[] {
  const height = (room: string) => rooms.length - rooms.findIndex((level) => level.includes(room));
  return files.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .filter((name) => {
        const other = posix.join(posix.dirname(file.path), name);
        // The index shows everything, and what else stands beside it is below all rooms.
        if (file.path === 'index.ts') return false;
        if (other === 'index.ts') return true;
        const [own, theirs] = [roomOf(file.path), roomOf(other)];
        return theirs !== '' && own !== theirs && (own === '' || height(own) <= height(theirs));
      })
      .map((name) => `${file.path} imports ${name}`),
  );
}

/** The room that a path is in, '' beside the index. */
export function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** Imports of a package that lead out of it, as sentences: by a path, or by a name that `isAllowed` refuses. Paths begin in the folder of the package. */
export function foreignImports(
  files: readonly SourceFile[],
  isAllowed: (packageName: string) => boolean,
): readonly string[] {
  return files.flatMap((file) =>
    importsOf(file)
      .filter((name) =>
        name.startsWith('.')
          ? posix.join(posix.dirname(file.path), name).startsWith('..')
          : !name.startsWith('node:') && !isAllowed(packageOf(name)),
      )
      .map((name) => `${file.path} imports ${name}`),
  );
}

/** `@scope/name` or `name`, whatever part of the package is imported. */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
