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
