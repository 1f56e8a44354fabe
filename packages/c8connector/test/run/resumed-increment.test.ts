import { expect, test } from 'vitest';
import {
  type Catalog,
  ConnectionError,
  catalogOf,
  defineSource,
  defineTarget,
  neverStop,
  openMemoryStateStore,
  run,
  type Stream,
  silentLog,
} from '../../src/index.ts';

const packageOf = (type: string) => ({ name: `c8-${type}-x`, version: '1.0.0' });

const target = new (defineTarget({
  package: packageOf('target'),
  name: 'X',
  description: 'x',
  config: {},
  async *write(messages) {
    for await (const message of messages) if (message.type === 'FLUSH') yield message.state;
  },
}))();

function streamOf(type: 'integer' | 'string'): Stream {
  return {
    id: 'orders',
    schema: { type: 'object', properties: { key: { type } } },
    replication: { methods: ['INCREMENTAL'], keys: ['key'], isSorted: true },
  };
}

function catalogFor(stream: Stream): Catalog {
  const [entry] = catalogOf([stream]).streams;
  if (entry === undefined) throw new Error('no stream');
  const metadata = { selected: true, 'replication-method': 'INCREMENTAL', 'replication-key': 'key' };
  return { streams: [{ ...entry, metadata: [...entry.metadata, { breadcrumb: [], metadata }] }] };
}

test('a read that is resumed at its position leaves the bookmark at the highest key that existed when it began', async () => {
  const stream = streamOf('integer');
  let highest = 2;
  let attempts = 0;
  const source = new (defineSource({
    package: packageOf('source'),
    name: 'X',
    description: 'x',
    config: {},
    discover: () => [stream],
    highest: () => highest,
    *read(_, { bookmark }) {
      attempts += 1;
      if (bookmark === undefined) {
        yield { rows: [{ key: 1 }], bookmark: { after: 1 } };
        highest = 9;
        throw new ConnectionError('gone', { code: 'connection_lost' });
      }
      // A row with the key 3 came late, when the read was beyond it.
      yield { rows: [{ key: 9 }], bookmark: { after: 9 } };
    },
  }))();
  const store = openMemoryStateStore();
  const request = { source, sourceConfig: {}, target, targetConfig: {}, catalog: catalogFor(stream), store };
  for (let left = 2; left > 0; left--)
    await run({ ...request, stop: neverStop(), log: silentLog, onEvent: () => undefined });
  expect(attempts).toBe(2);
  expect((await store.load()).streams.orders).toMatchObject({ value: 2 });
  expect((await store.load()).streams.orders).not.toHaveProperty('ceiling');
});

test("a highest key with the text 'none' is treated like any other", async () => {
  const stream = streamOf('string');
  const source = new (defineSource({
    package: packageOf('source'),
    name: 'X',
    description: 'x',
    config: {},
    discover: () => [stream],
    highest: () => 'none',
    *read() {
      yield { rows: [{ key: 'none' }] };
    },
  }))();
  const store = openMemoryStateStore();
  const request = { source, sourceConfig: {}, target, targetConfig: {}, catalog: catalogFor(stream), store };
  await run({ ...request, stop: neverStop(), log: silentLog, onEvent: () => undefined });
  expect((await store.load()).streams.orders).toMatchObject({ value: 'none' });
});

test('a read that is resumed at its position keeps the key at which it began, since its bookmark belongs to that', async () => {
  const stream = streamOf('integer');
  const given: unknown[] = [];
  let breaks = false;
  const source = new (defineSource({
    package: packageOf('source'),
    name: 'X',
    description: 'x',
    config: {},
    discover: () => [stream],
    *read(_, { since, bookmark }) {
      given.push([since, bookmark?.page]);
      const first = Number(since ?? 0);
      if (bookmark === undefined)
        yield { lines: Buffer.from(`{"key":${first + 4}}\n`), count: 1, bookmark: { page: 1 } };
      if (breaks) throw new ConnectionError('gone', { code: 'connection_lost' });
      yield { lines: Buffer.from(`{"key":${first + 5}}\n`), count: 1, bookmark: { page: 2 } };
    },
  }))();
  const store = openMemoryStateStore();
  const request = { source, sourceConfig: {}, target, targetConfig: {}, catalog: catalogFor(stream), store };
  for (breaks of [false, true, false, false])
    await run({ ...request, stop: neverStop(), log: silentLog, onEvent: () => undefined });
  expect(given).toEqual([
    [undefined, undefined],
    [5, undefined],
    [5, 1],
    [10, undefined],
  ]);
});
