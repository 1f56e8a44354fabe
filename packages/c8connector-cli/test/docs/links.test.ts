import { existsSync, readFileSync } from 'node:fs';
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

test.each(pages())('Every link of %s leads to a file and a heading that are there', (page) => {
  expect(linksOf(page).filter((target) => !isGood(page, target))).toEqual([]);
});

test('A link to nothing is found', () => {
  expect(isGood('README.md', 'docs/nothing.md')).toBe(false);
  expect(isGood('README.md', 'docs/errors.md#nothing')).toBe(false);
  expect(isGood('README.md', 'docs/errors.md#configerror')).toBe(true);
});
