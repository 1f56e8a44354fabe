import { expect, test } from 'vitest';
import {
  Decimal,
  defineSource,
  neverStop,
  parseValue,
  type Row,
  type State,
  silentLog,
  stringifyValue,
} from '../../src/index.ts';

const rows: readonly Row[] = [
  { id: 1, price: new Decimal('0.50') },
  { id: 9007199254740993n, price: new Decimal('12.50') },
];

/** What `read` was given, call by call. */
const given: unknown[] = [];

class Exact extends defineSource({
  package: { name: 'c8-source-exact', version: '1.0.0' },
  name: 'Exact',
  description: 'Has keys that no double holds.',
  config: {},
  discover: () => [
    {
      id: 'sorted',
      schema: {
        type: 'object',
        properties: { id: { type: 'integer' }, price: { type: 'number', multipleOf: 0.01 } },
      },
      replication: { methods: ['FULL_TABLE', 'INCREMENTAL'], keys: ['id', 'price'], isSorted: true },
    },
  ],
  *read(_stream, { bookmark, since }) {
    given.push(bookmark ?? since);
    yield { rows, bookmark: { id: 9007199254740993n, price: new Decimal('12.50') } };
  },
  highest: (_stream, { replicationKey }) => rows[1]?.[replicationKey],
}) {}

const source = new Exact();

/** The states of a read, as a program prints them. */
async function statesOf(metadata: object, from?: State): Promise<string[]> {
  const { streams } = await source.discover({});
  const selected = { breadcrumb: [], metadata: { selected: true, ...metadata } };
  const catalog = { streams: streams.map((entry) => ({ ...entry, metadata: [...entry.metadata, selected] })) };
  const { graceful: signal } = neverStop();
  const state = from === undefined ? {} : { state: from };
  const texts: string[] = [];
  for await (const message of source.read({
    config: {},
    catalog,
    exact: 'number',
    signal,
    log: silentLog,
    ...state,
  }))
    if (message.type === 'STATE') texts.push(stringifyValue(message.value));
  return texts;
}

test.each([
  ['id', '9007199254740993', 9007199254740993n],
  ['price', '12.50', new Decimal('12.50')],
])(
  'a replication key is the same number in the rows, in the state and in what the next read is given: %s',
  async (key, text, value) => {
    const metadata = { 'replication-method': 'INCREMENTAL', 'replication-key': key };
    const last = (await statesOf(metadata)).at(-1) ?? '';
    expect(last).toContain(`"replication_key_value":${text}}`);
    given.length = 0;
    expect((await statesOf(metadata, parseValue(last) as State)).at(-1)).toBe(last);
    expect(given).toEqual([value]);
  },
);

test('numbers beyond 2^53 in a bookmark come back as text', async () => {
  const state = (await statesOf({})).find((text) => text.includes('"id"')) ?? '';
  expect(state).toContain('"id":"9007199254740993","price":12.5');
  given.length = 0;
  await statesOf({}, parseValue(state) as State);
  expect(given).toEqual([{ id: '9007199254740993', price: 12.5 }]);
});
