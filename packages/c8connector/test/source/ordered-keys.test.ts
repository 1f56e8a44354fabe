import { expect, test } from 'vitest';
import type { Row } from '../../src/index.ts';
import { type ChangingList, listSource } from '../fixtures/changing-list.ts';
import { ids, keyIn, readList } from '../fixtures/read-list.ts';

/** The order of a dictionary, in which capitals do not count: not that of the code units. */
const collator = new Intl.Collator('en');
const order = (one: unknown, other: unknown): number => collator.compare(String(one), String(other));
const row = (id: number, at: string): Row => ({ id, other: 0, at });

/** A server that knows the order of its texts. */
function dictionary(rows: Row[], more: Partial<ChangingList> = {}): ChangingList {
  return {
    key: { type: ['string', 'null'] },
    rows,
    isSorted: true,
    isOrdered: true,
    order: (one, other) => order(one.at, other.at),
    isNew: ({ at }, since, upTo) =>
      (since === undefined || order(at, since) >= 0) && (upTo === undefined || order(at, upTo) <= 0),
    highest: () =>
      rows
        .map(({ at }) => at)
        .toSorted(order)
        .at(-1) ?? null,
    pageRows: 2,
    given: [],
    ...more,
  };
}

test('the order of the source applies to the rows and the bookmark', async () => {
  const list = dictionary([row(1, 'Zebra'), row(2, 'apple'), row(3, 'Bear'), row(4, 'cat')]);
  const first = await readList(listSource(list));
  expect(ids(first.rows)).toEqual([2, 3, 4, 1]);
  expect(first.states.map(keyIn)).toEqual(['"Bear"', '"Zebra"', '"Zebra"', '"Zebra"']);
  list.rows.push(row(5, 'aardvark'), row(6, 'zoo'));
  const second = await readList(listSource(list), { state: first.state });
  expect([ids(second.rows), keyIn(second.states.at(-1))]).toEqual([[1, 6], '"zoo"']);
});

test('a row with a higher key that arrives during a read is left to the next read', async () => {
  const list = dictionary([row(1, 'apple'), row(2, 'Bear'), row(3, 'cat')]);
  list.given.length = 0;
  const late = { ...list, afterPage: (page: number) => page === 1 && list.rows.push(row(4, 'Dog')) };
  const first = await readList(listSource(late));
  expect(list.given[0]).toMatchObject({ upTo: 'cat' });
  expect([ids(first.rows), keyIn(first.states.at(-1))]).toEqual([[1, 2, 3], '"cat"']);
  expect(ids((await readList(listSource(list), { state: first.state })).rows)).toEqual([3, 4]);
});

test('keys that the runtime compares itself are not truncated', async () => {
  const list = dictionary([row(1, 'apple')], { isOrdered: false });
  await readList(listSource(list));
  expect(list.given[0]?.upTo).toBeUndefined();
});
