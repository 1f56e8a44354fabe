import { beforeEach, describe, expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  type Catalog,
  createStop,
  DataError,
  defineSource,
  defineTarget,
  neverStop,
  openMemoryStateStore,
  type RunEvent,
  run,
  silentLog,
} from '../../src/index.ts';
import { begin, unitsOf } from '../../src/replication/methods.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';

/** What happened to the one thing that the streams share, in order. */
const events: string[] = [];

/** The first three numbers of a counter that all streams of a run go on with. */
class CountingSource extends defineSource({
  package: { name: 'c8-source-counting', version: '1.0.0' },
  name: 'Counting',
  description: 'Its streams count on together.',
  config: { broken: { type: 'string', displayName: 'Broken', description: 'The stream that fails.' } },
  open({ log }) {
    events.push('opened');
    log.debug('opened');
    return {
      next: 0,
      async [Symbol.asyncDispose]() {
        events.push('disposed of');
      },
    };
  },
  discover({ resource }) {
    events.push(`discovered at ${resource.next}`);
    return ['a', 'b', 'c'].map((id) => ({ id, schema: { properties: { n: {} } } }));
  },
  *read({ id }, { config, resource }) {
    if (id === config.broken)
      throw new DataError(`${id} is broken`, { code: 'value_refused', details: { stream: id } });
    yield { rows: [{ n: resource.next++ }] };
  },
}) {}

const source = new CountingSource();
let catalog: Catalog;

beforeEach(async () => {
  catalog = selectAll(await source.discover({}));
  events.length = 0;
});

function requestOf(config: Record<string, unknown> = {}) {
  return { config, catalog, exact: 'number', signal: neverStop().graceful, log: silentLog } as const;
}

/** The numbers of all rows of a read. */
async function numbersOf(request: Parameters<typeof source.read>[0]): Promise<unknown[]> {
  const numbers: unknown[] = [];
  for await (const message of source.read(request))
    if (message.type === 'RECORDS') numbers.push(...message.rows().map(({ n }) => n));
  return numbers;
}

describe('the resource that the streams of a source share', () => {
  test('is opened once for a read, before the discovery, and disposed of at its end', async () => {
    expect(await numbersOf(requestOf())).toEqual([0, 1, 2]);
    expect(events).toEqual(['opened', 'discovered at 0', 'disposed of']);
  });

  test('is disposed of when a stream fails, and when the reader ends early', async () => {
    await expect(numbersOf(requestOf({ broken: 'b' }))).rejects.toThrow('b is broken');
    for await (const _ of source.read(requestOf())) break;
    expect(events).toEqual(Array(2).fill(['opened', 'discovered at 0', 'disposed of']).flat());
  });

  test('is opened once for all samples, and for the schemas and the catalog', async () => {
    const samples = await source.samples({});
    expect(samples.map(({ data }) => data[0]?.n)).toEqual([0, 1, 2]);
    await source.schemas({});
    await source.discover({});
    expect(events).toEqual(Array(3).fill(['opened', 'discovered at 0', 'disposed of']).flat());
  });

  test('is shared by the units that a host reads, and disposed of with the session', async () => {
    const numbers: unknown[] = [];
    {
      await using session = await source.open(requestOf());
      session.select(catalog);
      for (const id of ['a', 'b']) {
        const progress = { [id]: begin({ method: 'FULL_TABLE' }, 1) };
        const [unit] = unitsOf(id, progress[id], { method: 'FULL_TABLE' }, 'run');
        if (unit === undefined) throw new Error(`${id} has no unit`);
        for await (const message of session.read({
          ...requestOf(),
          unit,
          run: 'run',
          progress,
          epoch: 1,
          version: async () => 2,
        }))
          if (message.type === 'RECORDS') numbers.push(...message.rows().map(({ n }) => n));
      }
    }
    expect(numbers).toEqual([0, 1]);
    expect(events).toEqual(['opened', 'discovered at 0', 'disposed of']);
  });
});

/** The events of a run of all units, and the rows that arrived. */
async function runAll(sourceConfig: Record<string, unknown>): Promise<{ events: RunEvent[]; rows: unknown[] }> {
  const rows: unknown[] = [];
  const target = new (defineTarget({
    package: { name: 'c8-target-memory', version: '1.0.0' },
    name: 'Memory',
    description: 'Rows to memory.',
    config: {},
    async *write(messages) {
      for await (const message of messages) {
        if (message.type === 'RECORDS') rows.push(...message.rows());
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  }))();
  const { events: emitted, onEvent } = checkedEvents();
  const store = openMemoryStateStore();
  const stop = createStop();
  await run({ source, sourceConfig, target, targetConfig: {}, catalog, store, stop, log: silentLog, onEvent });
  return { events: emitted, rows };
}

describe('the units of a run', () => {
  test('share what was opened once for all of them, also after one that failed', async () => {
    const { rows } = await runAll({ broken: 'b' });
    expect(rows).toEqual([{ n: 0 }, { n: 1 }]);
    expect(events).toEqual(['opened', 'discovered at 0', 'disposed of']);
  });

  test('do not begin if an invalid config prevents opening it', async () => {
    await expect(runAll({ broken: 7 })).rejects.toMatchObject({ code: 'config_invalid' });
    expect(events).toEqual([]);
  });
});
