import type { SourceFile } from './files.ts';
import { jsonText } from './json-text.ts';
import type { ConnectorNames } from './names.ts';

const forTests = { noEmit: true, rewriteRelativeImportExtensions: false, allowImportingTsExtensions: true };

/** The tsconfig files for a connector in a workspace, which extend those of the root; formatted like the formatter does. */
export function workspaceConfigs({ moduleFolder }: ConnectorNames): readonly SourceFile[] {
  const own = { rootDir: moduleFolder, outDir: 'dist' };
  return [
    { path: 'tsconfig.json', content: extending('../../tsconfig.base.json', own, moduleFolder) },
    { path: 'test/tsconfig.json', content: extending('../../../tsconfig.base.json', forTests, '.') },
  ];
}

/** The same for a standalone connector, with all settings. */
export function standaloneConfigs({ moduleFolder }: ConnectorNames, settings: object): readonly SourceFile[] {
  const compilerOptions = { ...settings, rootDir: moduleFolder, outDir: 'dist' };
  const tests = { extends: '../tsconfig.json', compilerOptions: { rootDir: '..', ...forTests }, include: ['.'] };
  return [
    { path: 'tsconfig.json', content: jsonText({ compilerOptions, include: [moduleFolder] }) },
    { path: 'test/tsconfig.json', content: jsonText(tests) },
  ];
}

function extending(base: string, options: object, include: string): string {
  const pairs = Object.entries(options).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  return `{
  "extends": "${base}",
  "compilerOptions": { ${pairs.join(', ')} },
  "include": ["${include}"]
}
`;
}
