import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineSplitter } from '../../src/singer/split-lines.ts';

it('the blocks are whole lines, and all of the bytes, however they are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[ab\n]{0,12}$/)), (chunks) => {
      const splitter = lineSplitter();
      const blocks: string[] = [];
      for (const chunk of chunks) {
        const bytes = Buffer.from(chunk);
        blocks.push(...splitter.push(bytes).map((block) => Buffer.from(block).toString()));
        bytes.fill('x');
      }
      for (const block of blocks) expect(block).toMatch(/\n$/);
      const rest = Buffer.from(splitter.end()).toString();
      expect(rest).not.toContain('\n');
      expect(blocks.join('') + rest).toBe(chunks.join(''));
    }),
  );
});

it('the bytes of the unfinished line are counted', () => {
  const splitter = lineSplitter();
  splitter.push(Buffer.from('ab\ncde'));
  splitter.push(Buffer.from('fg'));
  expect(splitter.pendingBytes).toBe(5);
  splitter.push(Buffer.from('\n'));
  expect(splitter.pendingBytes).toBe(0);
});

it('a line of many megabytes keeps its bytes, although its chunks are reused', () => {
  const splitter = lineSplitter();
  const chunk = Buffer.alloc((1 << 20) + 7);
  const blocks: Uint8Array[] = [];
  for (let index = 0; index < 30; index++) {
    chunk.fill(0x61 + (index % 26));
    if (index === 20) chunk[5] = 0x0a;
    blocks.push(...splitter.push(chunk));
    chunk.fill('x');
  }
  const rest = splitter.end();
  expect([...blocks, rest].map(({ length }) => length)).toEqual([20 * chunk.length + 6, 10 * chunk.length - 6]);
  const line = blocks[0] ?? new Uint8Array();
  for (let index = 0; index < 20; index++) expect(line[index * chunk.length]).toBe(0x61 + (index % 26));
  expect([line.at(-2), line.at(-1), rest[0], rest.at(-1)]).toEqual([0x75, 0x0a, 0x75, 0x64]);
});
