import type { Row } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';

test.each<[string, () => readonly Row[], string]>([
  ['gives nothing', () => undefined as unknown as readonly Row[], 'found: undefined'],
  [
    'fails for a stream that is not there',
    () => {
      throw new Error('no such file');
    },
    'found: Error: no such file',
  ],
])('a readBack that %s is blamed, and not the target', async (_name, readBack, found) => {
  const [finding = ''] = await targetFindings(() => ({}), { readBack, only: 61 });
  expect(finding).toContain("expected: rows from readBack of the test for 'record_before_schema_");
  expect(finding).toContain('[] when it is not there');
  expect(finding).toContain(found);
});
