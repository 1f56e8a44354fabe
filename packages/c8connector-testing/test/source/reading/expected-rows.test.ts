import { expect, test } from 'vitest';
import { handWrittenSource } from '../../../../c8connector/test/fixtures/hand-written-source.ts';
import { sourceFindings } from '../../findings.ts';
import { byId } from '../../hand-written.ts';

test('50 finds a digit that differs', async () => {
  const expected = {
    numbers: [
      { id: 1, size: 10 },
      { id: 2, size: 21 },
    ],
  };
  const found = await sourceFindings(() => ({}), {
    connector: () => handWrittenSource({ numbers: byId }),
    config: {},
    expected,
    only: 50,
  });
  expect(found).toEqual([
    expect.stringContaining(`expected: stream 'numbers': 'size' as 21 in {"id":2,"size":21}\n  found: 20`),
  ]);
});
