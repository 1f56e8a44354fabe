import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './blocks.ts';

/** Tables that must name every key of a type, and no other. */
const tables = [
  {
    module: 'c8connector-testing',
    type: 'SourceTestOptions',
    page: 'write-a-source.md',
    heading: 'option of `testSource`',
  },
  {
    module: 'c8connector-testing',
    type: 'TargetTestOptions',
    page: 'write-a-target.md',
    heading: 'option of `testTarget`',
  },
  {
    module: 'c8connector-testing',
    type: 'IntegrationTestOptions',
    page: 'write-an-integration.md',
    heading: 'option of `testIntegration`',
  },
  { module: 'c8connector', type: 'PropertyDeclaration', page: 'write-a-source.md', heading: 'key' },
] as const;

/** A module for each table, which compiles only if the table is complete. */
export function tableModules(): readonly { readonly path: string; readonly code: string }[] {
  return tables.map(({ module, type, page, heading }) => {
    const keys = Object.fromEntries(namesIn(`docs/${page}`, heading).map((name) => [name, true]));
    const code = `import type { ${type} } from '${module}';\nexport const keys = ${JSON.stringify(keys)} satisfies Record<keyof ${type}, true>;\n`;
    return { path: `tables/${page}-${type}.ts`, code };
  });
}

/** The names in the first column of a table. */
function namesIn(page: string, heading: string): string[] {
  const [, rest = ''] = readFileSync(join(root, page), 'utf8').split(`\n| ${heading} |`);
  const [table = ''] = rest.split('\n\n');
  const cells = table
    .split('\n')
    .slice(2)
    .map((row) => row.split('|')[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}
