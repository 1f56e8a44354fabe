import { expect, test } from 'vitest';
import type { Block } from '../../src/columns.ts';
import { shareBlock } from '../../src/worker/shared-block.ts';

function blockOf(size: number): Block {
  const bytes = new Uint8Array(size).fill(97);
  const nulls = Uint8Array.of(0, 1, 0);
  return {
    rows: 2,
    columns: [
      { kind: 'boolean', values: Uint8Array.of(1, 0, 1), nulls },
      { kind: 'double', values: Float64Array.of(0.5, Number.NaN, 3) },
      { kind: 'bytes', bytes, ends: Int32Array.of(1, size, size) },
    ],
  };
}

/** What of a block counts: nothing after its last row. */
const expected = (size: number): unknown => ({
  rows: 2,
  columns: [
    { kind: 'boolean', values: Uint8Array.of(1, 0), nulls: Uint8Array.of(0, 1) },
    { kind: 'double', values: Float64Array.of(0.5, Number.NaN) },
    { kind: 'bytes', bytes: new Uint8Array(size).fill(97), ends: Int32Array.of(1, size) },
  ],
});

test.each([1, 3, 70_001])('a block of %i bytes is copied into memory that is shared and used again', (size) => {
  const first = shareBlock(blockOf(size), undefined);
  expect(first.own).toBeUndefined();
  const again = shareBlock(blockOf(size), first.shared);
  expect(again.shared).toBe(first.shared);
  expect(again.block).toEqual(expected(size));
});

test.each([8_500_000, 30_000_000])(
  'a block of %i bytes gets memory of its own size, which a collector counts and frees',
  (size) => {
    const { block, own, shared } = shareBlock(blockOf(size), new SharedArrayBuffer(64 * 1024));
    expect(shared).toBeUndefined();
    expect(own?.byteLength).toBeLessThan(size + 1000);
    const text = block.columns[2];
    expect(text?.kind === 'bytes' && text.bytes.buffer === own && text.bytes.length === size).toBe(true);
  },
);
