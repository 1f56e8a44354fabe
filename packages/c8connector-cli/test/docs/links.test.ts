import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { pages, root } from './blocks.ts';

/** Links of a page to other files and headings of the repository, outside of blocks of code. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^ *```[\s\S]*?^ *```/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that a forge makes of headings. */
function anchorsOf(path: string): readonly string[] {
  const headings = readFileSync(join(root, path), 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isGood(page: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page : normalize(join(dirname(page), file));
  if (!existsSync(join(root, path))) return false;
  return anchor === undefined || anchorsOf(path).includes(anchor);
}

test.each(pages())('Every link of %s leads to an existing file and heading', (page) => {
  expect(linksOf(page).filter((target) => !isGood(page, target))).toEqual([]);
});

test('A broken link is found', () => {
  expect(isGood('README.md', 'docs/nothing.md')).toBe(false);
  expect(isGood('README.md', 'docs/errors.md#nothing')).toBe(false);
  expect(isGood('README.md', 'docs/errors.md#configerror')).toBe(true);
});

test('Every file that ARCHITECTURE.md names exists', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const named = [...text.matchAll(/`(?:[\w./-]+\/)?([\w-]+\.(?:ts|mjs))`/g)].map(([, name = '']) => name);
  const folders = ['packages', 'connectors', 'scripts'].map((room) => join(root, room));
  const found = new Set(folders.flatMap((folder) => filesBelow(folder)));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((name) => !found.has(name))).toEqual([]);
});

/** Names of the files below a folder, without what is installed or built. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isFile()) return [entry.name];
    const isOurs = entry.isDirectory() && !['node_modules', 'dist'].includes(entry.name);
    return isOurs ? filesBelow(join(folder, entry.name)) : [];
  });
}
