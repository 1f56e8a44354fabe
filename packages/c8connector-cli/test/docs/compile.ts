import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentForWorkspace } from '../../src/new/content.ts';
import { namesOf } from '../../src/new/names.ts';
import { sampleOf } from '../../src/new/origin.ts';
import { type Block, placeOf, root } from './blocks.ts';
import { tableModules } from './tables.ts';
import { openWorkshop } from './workshop.ts';

function folderOf({ page }: Block): string {
  return page.replace(/\.md$/, '').replace(/[^a-z0-9]+/gi, '-');
}

/** The files of a page stand in one folder, and every other block is a module of its own. */
function pathOf(block: Block): string {
  return `${folderOf(block)}/${block.file ?? `line-${block.line}.ts`}`;
}

/** What `c8connector new` makes for the connector whose file a block is: path to text. */
export async function madeFor({ file = '' }: Block): Promise<ReadonlyMap<string, string>> {
  const [, type, name = ''] = /^c8_(source|target|integration)_(\w+)\//.exec(file) ?? [];
  if (type !== 'source' && type !== 'target' && type !== 'integration') return new Map();
  const files = await contentForWorkspace(sampleOf(type), namesOf(type, name), root);
  return new Map(files.map(({ path, content }) => [path, String(content)]));
}

/** Compiles all blocks in one go, each page in a folder of its own upon what `new` makes for its connector. */
export async function compile(blocks: readonly Block[]) {
  const workshop = await openWorkshop();
  for (const block of blocks) {
    for (const [path, text] of await madeFor(block)) {
      if (/\.ts$|^package\.json$/.test(path)) await workshop.write(`${folderOf(block)}/${path}`, text);
    }
  }
  for (const block of blocks) await workshop.write(pathOf(block), block.text);
  for (const { path, code } of tableModules()) await workshop.write(path, code);
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
  const own = { rootDir: '.', outDir: 'out', declaration: false, noUnusedLocals: false };
  const project = { include: ['*/**/*.ts'], exclude: ['node_modules', 'out'] };
  await workshop.write('package.json', '{ "type": "module" }');
  await workshop.write(
    'tsconfig.json',
    JSON.stringify({ ...project, compilerOptions: { ...compilerOptions, ...own } }),
  );
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', '.'], { cwd: workshop.path, encoding: 'utf8' });
  return {
    /** What the compiler says, with the places in the docs; '' when all is well. */
    problems: blocks.reduce((said, block) => said.replaceAll(pathOf(block), placeOf(block)), stdout),
    /** The module that was made of a block. */
    moduleOf: (block: Block) => join(workshop.path, 'out', pathOf(block).replace(/\.ts$/, '.js')),
    [Symbol.asyncDispose]: () => workshop[Symbol.asyncDispose](),
  };
}
