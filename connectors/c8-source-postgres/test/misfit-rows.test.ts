import { Batch, type Page, type Row } from 'c8connector';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTable } from '../c8_source_postgres/copy.ts';
import { unescapeField } from '../c8_source_postgres/copy-row.ts';
import { escapedAgain } from '../c8_source_postgres/escaped-again.ts';
import { configOf, contextOf, createDatabase, discoverAll } from './harness.ts';

const text = String.raw`E'a\\b\tc\nd\re\\N'`;
const table = `
  create table t (id int primary key, note text, list int[], later text);
  insert into t select n, null, array[n], 'plain' from generate_series(1, 9) n;
  update t set note = ${text}, list = array[[1, 2], [3, 4]], later = ${text} where id in (1, 4, 5, 9)`;

async function pagesOf(face: 'lines' | 'columns'): Promise<{ pages: Page[]; rows: Row[] }> {
  const config = configOf(await createDatabase(table));
  const [stream] = await discoverAll(config);
  if (stream === undefined) throw new Error('there is no table');
  const header = { stream: stream.id, schema: stream.schema, extractedAt: '', exact: 'number' } as const;
  const [pages, rows]: [Page[], Row[]] = [[], []];
  for await (const page of readTable(stream, { ...contextOf(stream, config), face })) {
    pages.push(page);
    if ('lines' in page) rows.push(...Batch.ofLines(header, page.lines, page.count).rows());
    if ('columns' in page) rows.push(...Batch.ofColumns(header, page.columns, page.count).rows());
  }
  return { pages, rows };
}

test('rows that do not fit into typed arrays come as lines, in order and with their positions', async () => {
  const [{ pages, rows }, { rows: fromLines }] = [await pagesOf('columns'), await pagesOf('lines')];
  expect(rows).toEqual(fromLines);
  const shown = pages.map((page) => ['lines' in page ? 'lines' : 'columns', 'count' in page && page.count]);
  expect(shown).toEqual([
    ['lines', 1],
    ['columns', 2],
    ['lines', 1],
    ['lines', 1],
    ['columns', 3],
    ['lines', 1],
  ]);
  expect(pages.map(({ bookmark }) => bookmark?.after)).toEqual(['1', '3', '4', '5', '8', '9'].map((id) => ({ id })));
});

test('a row whose fields were unescaped in place can be read a second time', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '\\', '\t', '\n', '\r', 'N', 'é') });
  const copied = (value: string) =>
    value.replace(/[\\\t\n\r]/g, (character) => `\\${{ '\t': 't', '\n': 'n', '\r': 'r' }[character] ?? character}`);
  fc.assert(
    fc.property(fc.array(fc.record({ field, isUnescaped: fc.boolean() }), { minLength: 1 }), (given) => {
      const row = Buffer.from(`${given.map((one) => copied(one.field)).join('\t')}\n`);
      const bytes = Buffer.from(row);
      let start = 0;
      const fields = given.flatMap((one) => {
        const end = start + Buffer.byteLength(copied(one.field));
        const place = { start, end };
        start = end + 1;
        return one.isUnescaped ? [{ ...place, plainEnd: unescapeField(bytes, place.start, end) }] : [];
      });
      expect(Buffer.from(escapedAgain(bytes, { start: 0, end: bytes.length }, fields)).toString()).toBe(row.toString());
    }),
  );
});
