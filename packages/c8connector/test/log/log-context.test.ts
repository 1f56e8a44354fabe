import { expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  type Catalog,
  createStop,
  defineSource,
  defineTarget,
  openMemoryStateStore,
  run,
  type StreamSchema,
  silentLog,
} from '../../src/index.ts';

const schema: StreamSchema = { type: 'object', properties: { id: { type: 'integer' }, hidden: { type: 'string' } } };
const later: StreamSchema = { type: 'object', properties: { ...schema.properties, added: { type: 'string' } } };

/** A source whose log notes what it is given. */
function notingSource() {
  const connections: (string | undefined)[] = [];
  const selected: (readonly string[])[] = [];
  const source = new (defineSource({
    package: { name: 'c8-source-noting', version: '1.0.0' },
    name: 'Noting',
    description: 'x',
    config: {},
    discover: () => [{ id: 'a', schema, replication: { methods: ['LOG_BASED'] as const } }],
    async *read() {
      yield { rows: [] };
    },
    log: {
      begin(_streams, { connection }) {
        connections.push(connection);
        return { lsn: 1 };
      },
      async *read([stream], { connection }) {
        connections.push(connection);
        if (stream !== undefined)
          selected.push(stream.columns, stream.select(later), stream.select({ properties: {} }));
        yield { bookmark: { lsn: 2 }, streams: ['a'] };
      },
    },
  }))();
  return { source, connections, selected };
}

/** Everything is selected but the column `hidden`. */
function withoutHidden(catalog: Catalog): Catalog {
  const streams = selectAll(catalog).streams.map((entry) => ({
    ...entry,
    metadata: [
      ...entry.metadata.filter(({ breadcrumb }) => breadcrumb[1] !== 'hidden'),
      { breadcrumb: ['properties', 'hidden'], metadata: { selected: false } },
    ],
  }));
  return { streams };
}

const target = new (defineTarget({
  package: { name: 'c8-target-deaf', version: '1.0.0' },
  name: 'Deaf',
  description: 'x',
  config: {},
  accepts: () => ({}),
  async *write(input) {
    for await (const message of input) if (message.type === 'FLUSH') yield message.state;
  },
}))();

test('a log gets the same connection in all its runs, and none in a Singer program', async () => {
  const { source, connections } = notingSource();
  const catalog = withoutHidden(await source.discover({}));
  const store = openMemoryStateStore();
  const runs = { source, sourceConfig: {}, target, targetConfig: {}, catalog, store, log: silentLog };
  for (let count = 1; count <= 2; count += 1) await run({ ...runs, stop: createStop(), onEvent: () => undefined });
  const { connection } = await store.load();
  expect(connections).toEqual([connection, connection, connection]);
  connections.length = 0;
  const signal = new AbortController().signal;
  for await (const _ of source.read({ config: {}, catalog, exact: 'number', signal, log: silentLog }));
  expect(connections).toEqual([undefined, undefined]);
});

test('a log can ask which columns of another schema are selected: deselected ones stay excluded', async () => {
  const { source, selected } = notingSource();
  const catalog = withoutHidden(await source.discover({}));
  const signal = new AbortController().signal;
  for await (const _ of source.read({ config: {}, catalog, exact: 'number', signal, log: silentLog }));
  expect(selected).toEqual([['id'], ['id', 'added'], []]);
});

test('each stream begins at its own position, and can be moved to another one', async () => {
  const given: unknown[] = [];
  const source = new (defineSource({
    package: { name: 'c8-source-marking', version: '1.0.0' },
    name: 'Marking',
    description: 'x',
    config: {},
    discover: () => ['a', 'b'].map((id) => ({ id, schema, replication: { methods: ['LOG_BASED'] as const } })),
    async *read() {
      yield { rows: [] };
    },
    log: {
      begin: (_streams, { stream }) => ({ lsn: 1, table: stream }),
      async *read(streams) {
        given.push(Object.fromEntries(streams.map(({ stream, bookmark }) => [stream.id, bookmark])));
        yield { bookmarks: Object.fromEntries(streams.map(({ stream }) => [stream.id, { lsn: 2, table: stream.id }])) };
      },
    },
  }))();
  const catalog = selectAll(await source.discover({}));
  const runs = { source, sourceConfig: {}, target, targetConfig: {}, catalog, log: silentLog };
  const store = openMemoryStateStore();
  for (let count = 1; count <= 2; count += 1)
    await run({ ...runs, store, stop: createStop(), onEvent: () => undefined });
  const at = (lsn: number): object => ({ a: { lsn, table: 'a' }, b: { lsn, table: 'b' } });
  expect(given).toEqual([at(1), at(2)]);
});
