import { expect, it } from 'vitest';
import { Decimal } from '../../src/interface/value.ts';
import { Batch, type BatchHeader } from '../../src/jsonl/batch.ts';

const header: BatchHeader = {
  stream: 'a',
  schema: { properties: { id: { type: 'integer' }, n: { type: 'number', 'x-c8-type': 'numeric' } } },
  extractedAt: '2026-01-02T03:04:05.000006Z',
  exact: 'number',
};
const rows = [{ id: 1, n: new Decimal('1.50') }];

it('a batch of rows has lines, and one of lines has rows', () => {
  const lines = Batch.ofRows(header, rows).lines();
  expect(Buffer.from(lines).toString()).toBe('{"id":1,"n":1.50}\n');
  expect(Batch.ofLines(header, lines, 1).rows()).toEqual(rows);
});

it('a batch made exact has the same rows', () => {
  const lines = Buffer.from('{"id":1,"n":1.50}\n');
  for (const batch of [Batch.ofRows(header, rows), Batch.ofLines(header, lines, 1)]) {
    const exact = batch.with('text');
    expect(exact).toMatchObject({ stream: 'a', exact: 'text', count: 1 });
    expect(Buffer.from(exact.lines()).toString()).toBe('{"id":1,"n":"1.50"}\n');
    expect(exact.rows()).toEqual(rows);
    expect(Buffer.from(exact.with('number').lines())).toEqual(lines);
    expect(batch.with('number')).toBe(batch);
  }
});
