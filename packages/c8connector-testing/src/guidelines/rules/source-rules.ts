import { isBuiltin } from 'node:module';
import { join } from 'node:path/posix';
import { objectOf } from '../../values/json.ts';
import type { ConnectorPackage } from '../connector-package.ts';
import type { Breach, Rule } from '../guideline.ts';
import type { SourceFile } from '../source-file.ts';
import { isLibrary } from './dependency-rules.ts';

const imports: Rule = {
  id: 'imports',
  title:
    'The sources import Node built-ins, their own files, c8connector with its libraries, and declared drivers only',
  why: 'An undeclared import works by chance, and may be missing after the next install.',
  async breaches(connector) {
    const sources = await connector.sources();
    const found = sources.flatMap((source) =>
      source.imports.flatMap(({ name, line }) => {
        const fix = fixOf(connector, source, name);
        return fix === undefined ? [] : [{ file: `${source.file}:${line}`, message: `it imports '${name}'`, fix }];
      }),
    );
    return [...found, ...(await unreadable(connector, sources))];
  },
};

/** Files that compile but cannot be parsed here, so that their imports are unknown; compile errors are reported by another rule. */
async function unreadable(connector: ConnectorPackage, sources: readonly SourceFile[]): Promise<readonly Breach[]> {
  const broken = sources.filter(({ problem }) => problem !== undefined);
  if (broken.length === 0 || (await connector.built()).problems.length > 0) return [];
  const fix = 'Correct its syntax, or write it in a way that is more usual.';
  return broken.map(({ file, problem }) => ({ file, message: `its imports cannot be read: ${problem}`, fix }));
}

/** The fix for an import; undefined when it is allowed. */
function fixOf({ manifest }: ConnectorPackage, { file }: SourceFile, specifier: string): string | undefined {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) {
    const target = join(file, '..', specifier);
    const isOwn = !/^\.\.(?:\/|$)/.test(target) && !/^(?:test|node_modules)(?:\/|$)/.test(target);
    return isOwn ? undefined : 'Import what belongs to the package only, and nothing of its tests.';
  }
  // A package that shares its name with a built-in, such as `punycode/`, ends with a slash.
  if (isBuiltin(specifier) || specifier.startsWith('#')) return undefined;
  const name = packageOf(specifier);
  if (name === undefined) return 'Import a package by its name, or a file by a relative path.';
  if (name === 'c8connector' || name === manifest.name) return undefined;
  if (isLibrary(name))
    return Object.hasOwn(objectOf(manifest.dependencies), name) ? undefined : `Add ${name} to the dependencies.`;
  if (Object.hasOwn(objectOf(objectOf(manifest.c8connector).drivers), name)) return undefined;
  return `Declare ${name} as a driver with its purpose in package.json, or do without it.`;
}

function packageOf(specifier: string): string | undefined {
  return /^(?:@[^/:]+\/)?[^/:@.][^/:]*(?=\/|$)/.exec(specifier)?.[0];
}

/** Rules for the sources. */
export const sourceRules: readonly Rule[] = [imports];
