import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

/** The rooms of the core from the top down: each may import what stands on a line below its own. ARCHITECTURE.md has the same picture. */
const rooms = [
  ['program'],
  ['run'],
  ['integration', 'source', 'target'],
  ['state'],
  ['replication'],
  ['singer'],
  ['jsonl', 'definition'],
  ['config'],
  ['interface'],
];

describe('the rooms of the core', () => {
  const imports = importsBelow(join(root, 'packages/c8connector/src'));
  const height = (room: string) => rooms.length - rooms.findIndex((level) => level.includes(room));
  const roomOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

  test('are all known, and all read', () => {
    const found = new Set(imports.map(({ file }) => roomOf(file)).filter((room) => room !== ''));
    expect([...found].sort()).toEqual(rooms.flat().sort());
    expect(new Set(imports.map(({ file }) => file)).size).toBeGreaterThan(80);
    expect(imports.length).toBeGreaterThan(400);
  });

  test('import from lower ones only, types included', () => {
    const upward = imports.flatMap(({ file, from }) => {
      if (!from.startsWith('.') || file === 'index.ts') return [];
      const [own, other] = [roomOf(file), roomOf(join(dirname(file), from).split(sep).join('/'))];
      if (own === other || other === '' || height(own) > height(other)) return [];
      return [`${file} imports ${from}`];
    });
    expect(upward).toEqual([]);
  });
});

interface Import {
  readonly file: string;
  readonly from: string;
}

/** What the files below a folder import, each import on its own; files without one stand in it with ''. */
function importsBelow(folder: string): readonly Import[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => join(parentPath, name));
  return files.flatMap((path) => {
    const file = relative(folder, path).split(sep).join('/');
    const found = [
      ...readFileSync(path, 'utf8').matchAll(/^(?:import|export)\b[^'";]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm),
    ];
    return found.length === 0
      ? [{ file, from: '' }]
      : found.map(([, one, other]) => ({ file, from: one ?? other ?? '' }));
  });
}
