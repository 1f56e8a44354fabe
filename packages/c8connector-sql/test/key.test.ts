import { expect, test } from 'vitest';
import { type ColumnComparison, type Comparison, compareColumns } from '../src/key.ts';

const operators: Readonly<Record<ColumnComparison, string>> = {
  before: '<',
  upTo: '<=',
  equal: '===',
  from: '>=',
  after: '>',
};

/** Whether the condition holds for a row; the conditions of single columns are JavaScript. */
function holds(row: readonly number[], comparison: Comparison, values: readonly number[]): boolean {
  const key = values.map((_, index) => ({ name: `${index}` }));
  const text = compareColumns(key, comparison, ({ name }, each) => {
    const index = Number(name);
    return `${row[index]} ${operators[each]} ${values[index]}`;
  });
  return new Function(`return ${text.replaceAll(' and ', ' && ').replaceAll(' or ', ' || ')}`)() as boolean;
}

const tuples = [0, 1, 2].flatMap((one) => [0, 1, 2].flatMap((other) => [0, 1].map((last) => [one, other, last])));

test.each(['before', 'upTo', 'from', 'after'] as const)(
  '%s compares keys of three columns as a sort would',
  (comparison) => {
    for (const [index, row] of tuples.entries())
      for (const [other, values] of tuples.entries()) {
        const expected = { before: index < other, upTo: index <= other, from: index >= other, after: index > other };
        expect([row, values, holds(row, comparison, values)]).toEqual([row, values, expected[comparison]]);
      }
  },
);

test('the first column has a bound of its own, for which a database can use an index', () => {
  const key = [{ name: 'a' }, { name: 'b' }];
  const one = ({ name }: { name: string }, comparison: ColumnComparison) => `${name} ${operators[comparison]} :${name}`;
  expect(compareColumns(key, 'after', one)).toBe('(a >= :a and (a > :a or (a === :a and b > :b)))');
});
