import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Decimal, type Row, type State, type ValueSchema } from '../../src/index.ts';
import { type ChangingList, listSource } from '../fixtures/changing-list.ts';
import { ids, keyIn, readList } from '../fixtures/read-list.ts';

const moment = { type: ['string', 'null'], format: 'date-time' };
const integer = { type: ['integer', 'null'] };
const now = Date.parse('2024-06-01T12:00:00Z');

/** A moment this many seconds after, or before, the clock of the first read. */
const at = (seconds: number): string => new Date(now + seconds * 1000).toISOString();
const row = (id: number, seconds: number | null): Row => ({ id, other: 0, at: seconds === null ? null : at(seconds) });
const newer = ({ at: key }: Row, since: unknown): boolean =>
  key === null || Date.parse(String(key)) >= Date.parse(String(since));
const byTime = (one: Row, other: Row): number =>
  one.at === other.at ? Number(one.id) - Number(other.id) : Number(String(one.at) > String(other.at)) || -1;

function listOf(rows: Row[], more: Partial<ChangingList> = {}): ChangingList {
  return { key: moment, rows, isNew: newer, given: [], ...more };
}

const sorted = { isSorted: true, order: byTime, pageRows: 2 } as const;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the rows that the next read returns again', () => {
  test('are all rows of the last key, since another one may have come with it', async () => {
    const list = listOf([row(1, -9), row(2, -5), row(3, -5)]);
    const { state } = await readList(listSource(list));
    list.rows.push(row(4, -5));
    expect(ids((await readList(listSource(list), { state })).rows)).toEqual([2, 3, 4]);
  });

  test.each([
    ['rows', false],
    ['lines', true],
  ])('are the rows without a key, which no bookmark can hold, in %s', async (_face, isLines) => {
    const list = listOf([row(1, null), row(2, -5), row(3, null)], { isLines });
    const first = await readList(listSource(list));
    expect(first.logged).toEqual(["stream 'list': rows without at, which come in each read: 2"]);
    expect(keyIn(first.states.at(-1))).toBe(JSON.stringify(at(-5)));
    expect(ids((await readList(listSource(list), first)).rows)).toEqual([1, 2, 3]);
  });

  test('do not exist if no row has a key yet, and the bookmark stays empty', async () => {
    const { states } = await readList(listSource(listOf([])));
    expect(states.at(-1)).not.toContain('replication_key_value');
  });

  test('an empty increment keeps the bookmark', async () => {
    const list = listOf([row(1, -5)]);
    const { state } = await readList(listSource(list));
    list.rows = [];
    const { rows, states } = await readList(listSource(list), { state });
    expect([rows, keyIn(states.at(-1))]).toEqual([[], JSON.stringify(at(-5))]);
  });
});

describe('a row that comes while others are read', () => {
  const highestOf = (list: ChangingList) => () =>
    list.rows
      .map(({ at: key }) => key)
      .sort()
      .at(-1);

  test.each([
    ['sorted', 'the highest key', sorted],
    ['unsorted', 'the highest key', { pageRows: 2 }],
    ['sorted', 'the clock', sorted],
    ['unsorted', 'the clock', { pageRows: 2 }],
  ])('with a lower key than the last one is in the next read: %s, limited by %s', async (_order, ceiling, how) => {
    const list = listOf([row(1, -30), row(2, -20), row(3, -10)], {
      ...how,
      afterPage: (page) => {
        if (page === 1) list.rows.push(row(5, 60));
        // It is older than what was just given, and its place was read already.
        if (page === 2) list.rows.unshift(row(4, 30));
      },
    });
    const asked = ceiling === 'the clock' ? {} : { highest: highestOf(list) };
    const first = await readList(listSource({ ...list, ...asked, rows: list.rows }));
    expect(ids(first.rows)).toContain(5);
    expect(keyIn(first.states.at(-1))).toBe(JSON.stringify(at(ceiling === 'the clock' ? 0 : -10)));
    vi.setSystemTime(now + 120_000);
    const second = await readList(listSource({ ...list, ...asked, afterPage: () => undefined }), first);
    expect(ids([...first.rows, ...second.rows])).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]));
    expect(keyIn(second.states.at(-1))).toBe(JSON.stringify(at(60)));
  });

  test('a key that is not a moment has no limit when the source has no highest key', async () => {
    const rows = [{ id: 1, other: 0, at: 5 }];
    expect(keyIn((await readList(listSource({ key: integer, rows, given: [] }))).states.at(-1))).toBe('5');
  });

  test.each([
    ['null', null],
    ['undefined', undefined],
  ])(
    'no bookmark is kept for a list that was empty when the read began: highest returns %s',
    async (_name, nothing) => {
      const list = listOf([row(1, -5)], { highest: () => nothing });
      expect(keyIn((await readList(listSource(list))).states.at(-1))).toBeUndefined();
    },
  );

  test('an infinite highest key is limited by the clock', async () => {
    const list = listOf([row(1, 5)], { highest: () => 'infinity' });
    expect(keyIn((await readList(listSource(list))).states.at(-1))).toBe(JSON.stringify(at(0)));
  });

  test.each([
    ['a Date', new Date(now)],
    ['a number', now],
    ['a Decimal', new Decimal('1.5')],
    ['another text', 'yesterday'],
    ['an object', { at: at(0) }],
  ])('highest that returns %s for a time is a bug of its author', async (_name, given) => {
    const reading = readList(listSource(listOf([], { highest: () => given })));
    await expect(reading).rejects.toMatchObject({ code: 'contract_broken', details: { stream: 'list', column: 'at' } });
  });
});

describe('a bookmark never goes down', () => {
  test('when the clock was set back', async () => {
    const list = listOf([row(1, -5)]);
    const { state } = await readList(listSource(list));
    vi.setSystemTime(now - 3_600_000);
    expect(keyIn((await readList(listSource(list), { state })).states.at(-1))).toBe(JSON.stringify(at(-5)));
  });

  test('when the newest row was deleted, or only those of the lookback came', async () => {
    const list = listOf([row(1, -90), row(2, -5)]);
    const { state } = await readList(listSource(list));
    list.rows.pop();
    const { rows, states } = await readList(listSource(list), { state, config: { lookback_seconds: 100 } });
    expect([ids(rows), keyIn(states.at(-1))]).toEqual([[1], JSON.stringify(at(-5))]);
  });

  test('when the source reports a lower highest key', async () => {
    const list = listOf([row(1, -5)]);
    const { state } = await readList(listSource(list));
    const { states } = await readList(listSource({ ...list, highest: () => at(-900) }), { state });
    expect(keyIn(states.at(-1))).toBe(JSON.stringify(at(-5)));
  });
});

describe('start_date and lookback_seconds', () => {
  test.each<[string, object, string | undefined, string | undefined]>([
    ['all rows without a start_date', {}, undefined, at(-5)],
    ['start_date at first, the bookmark then', { start_date: at(-900) }, at(-900), at(-5)],
    ['a start_date that is a day', { start_date: '2024-05-01' }, '2024-05-01', at(-5)],
    ['this many seconds before the bookmark', { lookback_seconds: 60 }, undefined, at(-65)],
    ['but nothing before start_date', { lookback_seconds: 60, start_date: at(-30) }, at(-30), at(-30)],
    ['from a later start_date on', { start_date: at(-1) }, at(-1), at(-1)],
    ['no later for a negative lookback', { lookback_seconds: -60 }, undefined, at(-5)],
  ])('request %s', async (_name, config, first, second) => {
    const list = listOf([row(1, -5)], { isNew: () => true });
    const { state } = await readList(listSource(list), { config });
    await readList(listSource(list), { config, state });
    expect(list.given.map(({ since }) => since)).toEqual([first, second]);
  });

  test.each<[string, ValueSchema, Row['at'], string]>([
    [
      'an integer',
      integer,
      5,
      'lookback_seconds is ignored, since its replication key at is neither a date nor a time',
    ],
    [
      'a text',
      { type: 'string' },
      'a',
      'lookback_seconds is ignored, since its replication key at is neither a date nor a time',
    ],
  ])('do not apply to %s, and one warning reports that', async (_name, key, value, warning) => {
    const list: ChangingList = { key, rows: [{ id: 1, other: 0, at: value as string }], given: [] };
    const config = { start_date: '2024-01-01', lookback_seconds: 60 };
    const { state, logged } = await readList(listSource(list), { config });
    await readList(listSource(list), { config, state });
    expect(logged).toEqual([`stream 'list': ${warning}`]);
    expect(list.given.map(({ since }) => since)).toEqual([undefined, value]);
  });

  test.each([
    ['start_date', 'yesterday'],
    ['start_date', 20240101],
    ['lookback_seconds', 'an hour'],
    ['lookback_seconds', 1.5],
  ])('of a wrong type are an error of the config: %s %s', async (property, value) => {
    const reading = readList(listSource(listOf([])), { config: { [property]: value } });
    await expect(reading).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(property) });
  });
});

describe('the order of a stream', () => {
  test.each([
    ['rows', false],
    ['lines', true],
  ])('each page of a sorted one is progress, in %s', async (_face, isLines) => {
    const list = listOf([row(1, -9), row(2, -7), row(3, -5)], { ...sorted, isLines });
    const { states } = await readList(listSource(list));
    // The last two are the ends of the read and of the program.
    const reached = [at(-7), at(-5), at(-5), at(-5)];
    expect(states.map(keyIn)).toEqual(reached.map((key) => JSON.stringify(key)));
  });

  test('an unsorted one is all or nothing: its only state is at the end', async () => {
    const list = listOf([row(1, -5), row(2, -7), row(3, -9)], { pageRows: 1, hasBookmarks: true });
    const whole = (await readList(listSource(list))).states.map(keyIn);
    expect(new Set(whole)).toEqual(new Set([JSON.stringify(at(-5))]));
    const stop = new AbortController();
    const stopped = { ...list, afterPage: () => stop.abort() };
    const { rows, states } = await readList(listSource(stopped), { signal: stop.signal });
    expect(ids(rows)).toEqual([1]);
    expect(states.map(keyIn)).toEqual([undefined]);
  });

  test.each([
    ['between pages of rows', { pageRows: 1 }],
    ['within a page of rows', {}],
    ['between pages of lines', { pageRows: 1, isLines: true }],
    ['within a page of lines', { isLines: true }],
  ])('one that is declared as sorted and is not is refused by name: %s', async (_name, how) => {
    const list = listOf([row(1, -5), row(2, -9)], { ...how, isSorted: true });
    await expect(readList(listSource(list))).rejects.toMatchObject({
      name: 'ConnectorError',
      code: 'contract_broken',
      message: `stream 'list' is declared as sorted by 'at', but yielded "${at(-9)}" after "${at(-5)}"`,
    });
  });

  test('rows without a key may be anywhere in a sorted one', async () => {
    const list = listOf([row(1, null), row(2, -9), row(3, null), row(4, -5), row(5, null)], { isSorted: true });
    const { states, logged } = await readList(listSource(list));
    expect(keyIn(states.at(-1))).toBe(JSON.stringify(at(-5)));
    expect(logged).toEqual(["stream 'list': rows without at, which come in each read: 3"]);
  });
});

describe('an interrupted increment', () => {
  /** Reads one page, and is stopped. */
  async function firstPage(list: ChangingList, options: { config?: object; state?: State | undefined } = {}) {
    const stop = new AbortController();
    const read = await readList(listSource({ ...list, given: [], afterPage: () => stop.abort() }), {
      ...options,
      signal: stop.signal,
    });
    expect(read.rows).not.toHaveLength(0);
    return read;
  }

  test('resumes at the key of its last page, in the same version', async () => {
    const list = listOf([row(1, -9), row(2, -7), row(3, -5)], sorted);
    const first = await firstPage(list);
    const second = await readList(listSource(list), first);
    expect(ids(second.rows)).toEqual([2, 3]);
    expect(second.versions).toEqual(first.versions);
  });

  test('resumes after a bookmark with the `since` that the bookmark belongs to', async () => {
    const rows = [row(0, -99), row(1, -9), row(2, -7), row(3, -5), row(4, -3)];
    const list = listOf(rows, { ...sorted, hasBookmarks: true });
    const config = { start_date: at(-50) };
    const first = await firstPage(list, { config });
    const second = await readList(listSource(list), { config, ...first });
    expect(ids([...first.rows, ...second.rows])).toEqual([1, 2, 3, 4]);
    expect(list.given).toMatchObject([{ since: at(-50), bookmark: { page: 1 } }]);
    // The place was one of that read: the next one begins at the key.
    await readList(listSource(list), { config, ...second });
    expect(list.given.at(-1)).toMatchObject({ since: at(-3), bookmark: undefined });
  });

  test('is limited by the highest key of the interrupted read, since rows that came in between have higher ones', async () => {
    const list = listOf([row(1, -9), row(2, -7), row(3, 5), row(4, 9)], { ...sorted, hasBookmarks: true });
    const first = await firstPage(list);
    vi.setSystemTime(now + 60_000);
    const { states } = await readList(listSource(list), first);
    expect(keyIn(states.at(-1))).toBe(JSON.stringify(at(0)));
  });
});

describe('what the user chooses', () => {
  const both = { methods: ['INCREMENTAL', 'FULL_TABLE'] as const };
  const by = (key: string) => ({ metadata: { 'replication-key': key } });
  const list = () => ({ ...listOf([{ ...row(1, -5), other: 7 }], { isNew: () => true, ...both }) });

  test('another replication key starts over, as a new version', async () => {
    const one = list();
    const first = await readList(listSource(one), by('at'));
    const second = await readList(listSource(one), { ...by('other'), state: first.state });
    expect(keyIn(second.states.at(-1))).toBe('7');
    expect([...second.versions][0]).toBeGreaterThan(Number([...first.versions][0]));
    expect(one.given.map(({ since }) => since)).toEqual([undefined, undefined]);
  });

  test('another method starts over, as a new version, in both directions', async () => {
    const one = list();
    const whole = { metadata: { 'replication-method': 'FULL_TABLE' } };
    let state: State | undefined;
    const versions: unknown[] = [];
    for (const choice of [by('at'), whole, by('at')]) {
      const read = await readList(listSource(one), { ...choice, state });
      versions.push(...read.versions);
      state = read.state;
    }
    expect(versions).toEqual([...new Set(versions)].sort());
    expect(one.given.map(({ since }) => since)).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    [['INCREMENTAL'], { method: 'INCREMENTAL', replicationKey: 'at' }],
    [['INCREMENTAL', 'FULL_TABLE'], { method: 'FULL_TABLE', replicationKey: undefined }],
  ] as const)('a sample is read by a method that the stream offers: %s', async (methods, given) => {
    const one = listOf([row(1, -5)], { methods });
    const [sample] = await listSource(one).samples({});
    expect(sample?.data).toEqual([row(1, -5)]);
    expect(one.given).toEqual([expect.objectContaining({ ...given, since: undefined })]);
  });

  test('the replication key is sent although its column is not selected', async () => {
    const one = listOf([row(1, -5)]);
    const { columns, rows, states } = await readList(listSource(one), { without: ['at', 'other'] });
    expect(columns).toEqual(['id', 'at']);
    expect(rows).toEqual([{ id: 1, at: at(-5) }]);
    expect(keyIn(states.at(-1))).toBe(JSON.stringify(at(-5)));
    expect(one.given).toMatchObject([{ columns: ['id', 'at'] }]);
  });

  test.each([
    ['a text of a column that is a time', '"soon"'],
    ['a number', '5'],
    ['an object', '{"at":"2024-01-01"}'],
  ])(
    'a bookmark that is not a value of the column is not resumed, and a warning is logged: %s',
    async (_name, text) => {
      const one = listOf([row(1, -5)]);
      const { state } = await readList(listSource(one));
      const bookmark = { ...state?.bookmarks?.list, replication_key_value: JSON.parse(text) };
      const { logged, states } = await readList(listSource(one), { state: { bookmarks: { list: bookmark } } });
      expect(one.given.at(-1)).toMatchObject({ since: undefined });
      expect(logged).toEqual([expect.stringContaining(`the bookmark ${text} is not a value of at`)]);
      expect(keyIn(states.at(-1))).toBe(JSON.stringify(at(-5)));
    },
  );
});
