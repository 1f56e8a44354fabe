import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { projectConnectors } from '../../../../scripts/packages.mjs';

export const root = join(import.meta.dirname, '../../../..');

/** A fenced block of a page. What comes after the language says what it is for; CONTRIBUTING.md lists it. */
export interface Block {
  readonly page: string;
  /** Of the opening fence. */
  readonly line: number;
  readonly language: string;
  /** `file=PATH`: the block is that file. */
  readonly file?: string;
  /** `part=PATH`: its lines are in that file. */
  readonly part?: string;
  /** `background`: its command keeps running while the rest of the page runs. */
  readonly isBackground: boolean;
  readonly text: string;
}

/** Every page of the project that people write; what is generated is checked by who makes it. */
export function pages(): readonly string[] {
  const rooms = ['.', 'docs', 'docs/decisions', ...foldersIn('packages'), ...projectConnectors()];
  const samples = foldersIn('packages/c8connector-cli/samples');
  return [...rooms, ...samples]
    .flatMap((room) => readdirSync(join(root, room)).map((name) => relative(root, join(root, room, name))))
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.md') && !path.endsWith('CHANGELOG.md') && !isGenerated(path))
    .sort();
}

function isGenerated(page: string): boolean {
  return readFileSync(join(root, page), 'utf8').startsWith('<!-- Generated');
}

function foldersIn(room: string): string[] {
  const entries = readdirSync(join(root, room), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(room, name));
}

/** The blocks of a page, in its order. */
export function blocksOf(page: string): readonly Block[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opening = /^( *)(`{3,})(.*)$/.exec(lines[index] ?? '');
    if (opening === null) continue;
    const [, indent = '', fence = '', info = ''] = opening;
    const end = lines.findIndex((line, at) => at > index && line.trim() === fence);
    const content = lines.slice(index + 1, end).map((line) => line.slice(indent.length));
    blocks.push({ page, line: index + 1, ...attributesOf(info), text: content.map((line) => `${line}\n`).join('') });
    index = end;
  }
  return blocks;
}

function attributesOf(info: string): Pick<Block, 'language' | 'file' | 'part' | 'isBackground'> {
  const [language = '', ...words] = info.trim().split(/ +/);
  const values = new Map(
    words.map((word): [string, string | undefined] => [word.split('=')[0] ?? '', word.split('=')[1]]),
  );
  const unknown = [...values.keys()].find((name) => !['file', 'part', 'background'].includes(name));
  if (unknown !== undefined) throw new Error(`a block knows no '${unknown}'`);
  const [file, part] = [values.get('file'), values.get('part')];
  return {
    language,
    ...(file === undefined ? {} : { file }),
    ...(part === undefined ? {} : { part }),
    isBackground: values.has('background'),
  };
}

/** `README.md:12`, for messages. */
export function placeOf({ page, line }: Block): string {
  return `${page}:${line}`;
}
