import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../src');

async function sources(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'));
  return new Map(
    await Promise.all(files.map(async (name) => [name, await readFile(join(source, name), 'utf8')] as const)),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

test('no file depends on the process: its folder, its streams, its signals, its environment', async () => {
  const files = await sources();
  expect(files.size).toBeGreaterThan(15);
  const found = [...files].flatMap(([name, text]) =>
    [...withoutComments(text).matchAll(/\b(?:process|console|globalThis)\b\s*[.[]|import\.meta/g)].map(
      ([what]) => `${name}: ${what}`,
    ),
  );
  expect(found).toEqual([]);
});

test("no file imports more than the core, YAML and Node's modules for files and bytes", async () => {
  const imports = [...(await sources()).values()].flatMap((text) =>
    [...text.matchAll(/\b(?:from|import\()\s*'([^.'][^']*)'/g)].map(([, name]) => name),
  );
  const built = ['node:buffer', 'node:fs/promises', 'node:path', 'node:url'];
  expect([...new Set(imports)].sort()).toEqual(['c8connector', ...built, 'yaml']);
});
