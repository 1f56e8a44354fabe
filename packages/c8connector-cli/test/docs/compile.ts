import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentForWorkspace } from '../../src/new/content.ts';
import { namesOf } from '../../src/new/names.ts';
import { sampleOf } from '../../src/new/origin.ts';
import { type Block, placeOf, root } from './blocks.ts';
import { tableModules } from './tables.ts';
import { openWorkshop } from './workshop.ts';

/** A folder for each connector of a page: the one whose file is a block, or the last one above it. */
function folderOf({ page, line }: Block, blocks: readonly Block[]): string {
  const above = blocks.filter((block) => block.page === page && block.line <= line);
  const connector = above.flatMap(({ file = '' }) => /^c8_(?:source|target|integration)_\w+/.exec(file) ?? []).at(-1);
  return `${page.replace(/\.md$/, '')} ${connector ?? ''}`.trim().replace(/[^a-z0-9]+/gi, '-');
}

/** What `c8connector new` makes for the connector whose file a block is: path to text. */
export async function madeFor({ file = '' }: Block): Promise<ReadonlyMap<string, string>> {
  const [, type, name = ''] = /^c8_(source|target|integration)_(\w+)\//.exec(file) ?? [];
  if (type !== 'source' && type !== 'target' && type !== 'integration') return new Map();
  const files = await contentForWorkspace(sampleOf(type), namesOf(type, name), root);
  return new Map(files.map(({ path, content }) => [path, String(content)]));
}

/** Compiles all blocks in one go, each connector of a page in a folder of its own upon what `new` makes for it. */
export async function compile(blocks: readonly Block[]) {
  const workshop = await openWorkshop();
  // The files of a connector are in one folder, and every other block is a module of its own.
  const pathOf = (block: Block) => `${folderOf(block, blocks)}/${block.file ?? `line-${block.line}.ts`}`;
  for (const block of blocks) {
    for (const [path, text] of await madeFor(block)) {
      if (/\.ts$|^package\.json$/.test(path)) await workshop.write(`${folderOf(block, blocks)}/${path}`, text);
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
