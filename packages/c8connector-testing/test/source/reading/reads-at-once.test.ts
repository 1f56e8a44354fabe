import { setImmediate } from 'node:timers/promises';
import type { Row, SourceConnector } from 'c8connector';
import { defineSource } from 'c8connector';
import { expect, test } from 'vitest';
import { sourceFindings } from '../../findings.ts';

const rows = Array.from({ length: 30 }, (_, id): Row => ({ id }));

/** Where a read is, in the connector itself. */
function cursorSource(): new () => SourceConnector {
  const cursor = { next: 0 };
  return defineSource({
    package: { name: 'c8-source-cursor', version: '1.0.0' },
    name: 'Cursor',
    description: 'Reads by a cursor.',
    config: {},
    discover: () => [
      { id: 'numbers', keyProperties: ['id'], schema: { type: 'object', properties: { id: { type: 'integer' } } } },
    ],
    async *read(_stream, { bookmark }) {
      cursor.next = Number(bookmark?.next ?? 0);
      while (cursor.next < rows.length) {
        const page = rows.slice(cursor.next, cursor.next + 5);
        cursor.next += 5;
        await setImmediate();
        yield { rows: page, bookmark: { next: cursor.next } };
      }
    },
  });
}

test('107 and nothing else finds a cursor that all reads of a connector share', async () => {
  expect(await sourceFindings(() => ({}), { connector: cursorSource(), config: {} })).toEqual([
    expect.stringMatching(
      /^107 .*stream 'numbers': the rows that one read alone gives\n {2}found: (missing|more) while/s,
    ),
  ]);
});
