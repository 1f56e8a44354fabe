import { Batch, type RecordsMessage, type Row, type SourceConnector, type SourceMessage } from 'c8connector';
import { expect, test } from 'vitest';
import { type Habits, handWrittenSource, type Table } from '../../../c8connector/test/fixtures/hand-written-source.ts';
import { sourceFindings } from '../findings.ts';
import { byId, countedRows, endless, table } from '../hand-written.ts';

type Change = (messages: AsyncIterable<SourceMessage>) => AsyncIterable<SourceMessage>;

interface Broken {
  readonly tables?: Readonly<Record<string, Table>>;
  readonly habits?: Partial<Habits>;
  readonly change?: Change;
  readonly members?: (honest: SourceConnector) => Partial<SourceConnector>;
}

/** What one check finds in a hand-written source whose messages are changed, or some of its members. */
async function findings(only: number, { tables = { numbers: byId }, habits, change, members }: Broken) {
  const connector = () => {
    const honest = handWrittenSource(tables, habits);
    const read: SourceConnector['read'] = (request) => change?.(honest.read(request)) ?? honest.read(request);
    return { ...honest, read, ...members?.(honest) };
  };
  return await sourceFindings(() => ({}), { connector, config: {}, only });
}

/** Changes each message alone; what is undefined is left out. */
function each(change: (message: SourceMessage, index: number) => SourceMessage | undefined): Change {
  return async function* (messages) {
    let index = 0;
    for await (const message of messages) {
      const changed = change(message, index++);
      if (changed !== undefined) yield changed;
    }
  };
}

function withRows(batch: RecordsMessage, change: (row: Row) => Row): RecordsMessage {
  return Batch.ofRows(batch, batch.rows().map(change));
}

test('37 finds a row that comes again on the next page', async () => {
  const rows = [...countedRows(1, 5), ...countedRows(5, 9)];
  expect(await findings(37, { tables: { numbers: { ...byId, rows } } })).toEqual([
    expect.stringContaining(
      "expected: stream 'numbers': each key once\n  found: record 6 has the key of record 5: [5]",
    ),
  ]);
});

test('37 finds a key that is null', async () => {
  const rows = [...countedRows(1, 3), { id: null, name: 'nobody' }];
  expect(await findings(37, { tables: { numbers: { ...byId, rows } } })).toEqual([
    expect.stringContaining("record 4 of 'numbers' with its key 'id'"),
  ]);
});

test('37 takes the columns of a key together', async () => {
  const rows = [
    { id: 1, size: 1 },
    { id: 1, size: 2 },
  ];
  expect(await findings(37, { tables: { pairs: table({ keyProperties: ['id', 'size'], rows }) } })).toEqual([]);
});

test('38 finds a record of a long stream that is another in the second read', async () => {
  let reads = 0;
  const found = await findings(38, {
    tables: { endless },
    members: (honest) => ({
      async *read(request) {
        reads += 1;
        const read = reads;
        for await (const message of honest.read(request))
          yield message.type === 'RECORDS' ? withRows(message, (row) => ({ ...row, name: `read ${read}` })) : message;
      },
    }),
  });
  expect(found).toEqual([expect.stringMatching(/^38 .*expected: stream 'endless': the same record twice/s)]);
});

test.each<[string, Change | undefined, string]>([
  ['silence', () => (async function* () {})(), 'found: no error'],
  [
    'an error without a class',
    () =>
      (async function* () {
        yield* [];
        throw new Error('no such stream: c8_no_such_stream');
      })(),
    'found: Error: no such stream',
  ],
])('39 finds %s about an unknown stream', async (_name, instead, found) => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => {
      const isUnknown = request.catalog.streams.some((entry) => entry.tap_stream_id === 'c8_no_such_stream');
      return isUnknown && instead ? instead(honest.read(request)) : honest.read(request);
    },
  });
  expect(await findings(39, { members })).toEqual([expect.stringContaining(found)]);
});

test('39 finds a source that leaves an unknown stream out beside a known one', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => {
      const streams = request.catalog.streams.filter((entry) => entry.tap_stream_id !== 'c8_no_such_stream');
      return honest.read(streams.length === 0 ? request : { ...request, catalog: { streams } });
    },
  });
  expect(await findings(39, { members })).toEqual([expect.stringContaining("an unknown stream beside 'numbers'")]);
});

const deselectable = ({ catalog }: Parameters<SourceConnector['read']>[0]) => ({
  streams: catalog.streams.map((entry) => ({
    ...entry,
    metadata: entry.metadata.filter(({ breadcrumb }) => breadcrumb.length === 0),
  })),
});

test('40 finds a source that sends deselected columns', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => honest.read({ ...request, catalog: deselectable(request) }),
  });
  expect(await findings(40, { members })).toEqual([
    expect.stringContaining("SCHEMA of 'numbers' without the deselected 'at'"),
  ]);
});

test('40 finds records with a deselected column that SCHEMA leaves out', async () => {
  const change = each((message) =>
    message.type === 'RECORDS' ? withRows(message, (row) => ({ ...row, at: 'yesterday' })) : message,
  );
  expect(await findings(40, { change })).toEqual([
    expect.stringContaining("records of 'numbers' without the deselected 'at'"),
  ]);
});

test('40 finds a value that slips into the place of the column before', async () => {
  const change = each((message) =>
    message.type === 'RECORDS' && !('at' in message.schema.properties)
      ? withRows(message, (row) => ({ ...row, name: 'slipped' }))
      : message,
  );
  expect(await findings(40, { change })).toEqual([expect.stringContaining('11 are missing')]);
});

test('40 finds a stream that nobody selected', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => {
      const streams = request.catalog.streams.map((entry) => ({
        ...entry,
        metadata: [...entry.metadata, { breadcrumb: [], metadata: { selected: true } }],
      }));
      return honest.read({ ...request, catalog: { streams } });
    },
  });
  expect(await findings(40, { tables: { numbers: byId, others: table({}) }, members })).toEqual([
    expect.stringContaining('expected: messages of the selected streams only'),
  ]);
});

test.concurrent('41 finds a read that cannot be ended', async () => {
  const change: Change = async function* (messages) {
    let isOver = false;
    try {
      yield* messages;
      isOver = true;
    } finally {
      if (!isOver) await new Promise((resolve) => setTimeout(resolve, 6000));
    }
  };
  expect(await findings(41, { tables: { one: table({ rows: [...countedRows(1, 1)] }) }, change })).toEqual([
    expect.stringContaining('expected: return() after the first records done within 5 s'),
  ]);
}, 20_000);

test('41 finds a connector that cannot read again after a read that was ended early', async () => {
  let isBusy = false;
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      if (isBusy) throw new Error('the connection is in use');
      isBusy = request.state === undefined;
      yield* honest.read(request);
      isBusy = false;
    },
  });
  expect(await findings(41, { members })).toEqual([expect.stringContaining('found: Error: the connection is in use')]);
});

test.each<[string, Change, string]>([
  [
    'a Date in a state',
    each((message) =>
      message.type === 'STATE' ? { ...message, value: { ...message.value, at: new Date(0) } } : message,
    ),
    'expected: STATE 1 as plain JSON\n  found: value.at is a Date',
  ],
  [
    'a bookmark that disappears',
    each((message, index) =>
      message.type === 'STATE' && index > 3 ? { ...message, value: { bookmarks: {} } } : message,
    ),
    "expected: STATE 2 with the bookmark of 'numbers'",
  ],
  [
    'a bookmark that goes back',
    each((message, index) => (message.type === 'STATE' && index > 3 ? bookmarked(3) : message)),
    "expected: STATE 2 whose bookmark of 'numbers' does not go back\n  found: replication_key_value 4, then 3",
  ],
  [
    'a stream that does not exist as currently_syncing',
    each((message) =>
      message.type === 'STATE' ? { ...message, value: { ...message.value, currently_syncing: 'other' } } : message,
    ),
    'expected: a selected stream as currently_syncing\n  found: "other"',
  ],
])('42 finds %s', async (_name, change, found) => {
  expect(await findings(42, { change })).toEqual([expect.stringContaining(found)]);
});

function bookmarked(value: number): SourceMessage {
  const bookmark = { replication_key: 'id', replication_key_value: value };
  return { type: 'STATE', value: { bookmarks: { numbers: bookmark } } };
}

test('43 finds a state that is ahead of its rows', async () => {
  const change = each((message) => {
    if (message.type !== 'STATE') return message;
    const value = Number(message.value.bookmarks?.numbers?.replication_key_value);
    return bookmarked(Math.min(11, value + 3));
  });
  expect(await findings(43, { change })).toEqual([
    expect.stringMatching(/^43 .*expected: all 11 records of 'numbers' before STATE 1 of 3.*found: 2 in neither/s),
  ]);
});

test('43 finds a state that comes before the rows that it covers', async () => {
  const change: Change = async function* (messages) {
    let held: SourceMessage | undefined;
    for await (const message of messages) {
      if (message.type === 'RECORDS') held = message;
      else yield message;
      if (message.type !== 'STATE' || held === undefined) continue;
      yield held;
      held = undefined;
    }
  };
  expect(await findings(43, { change })).toEqual([expect.stringMatching(/^43 .*found: 3 in neither/s)]);
});

test('43 finds rows of equal replication keys that are lost behind the bookmark', async () => {
  const rows = [...countedRows(1, 11)].map((row) => ({ ...row, size: Number(row.id) < 4 ? 1 : 2 }));
  const tables = { numbers: table({ replicationKey: 'size', rows }) };
  const habits = { isNew: (value: unknown, border: unknown) => Number(value) > Number(border) };
  expect(await findings(43, { tables, habits })).toEqual([expect.stringMatching(/^43 .*found: \d in neither/s)]);
});

test('43 finds a resumed read that begins a new version and is not whole', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      const version = request.state === undefined ? 1 : 2;
      for await (const message of honest.read(request))
        yield message.type === 'RECORDS' ? Batch.ofRows({ ...message, version }, message.rows()) : message;
    },
  });
  expect(await findings(43, { members })).toEqual([expect.stringMatching(/^43 .*expected: all 11 records/s)]);
});

test('43 finds a bookmark of another stream that a resumed read forgets', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      for await (const message of honest.read(request)) {
        if (message.type !== 'STATE' || request.state === undefined) yield message;
        else yield { ...message, value: { bookmarks: { b: message.value.bookmarks?.b ?? {} } } };
      }
    },
  });
  expect(await findings(43, { tables: { a: byId, b: byId }, members })).toEqual([
    expect.stringContaining("the bookmark of 'a' in each STATE of a read from"),
  ]);
});

test('43 finds a resumed read that leaves SCHEMA out', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      for await (const message of honest.read(request))
        if (message.type !== 'SCHEMA' || request.state === undefined) yield message;
    },
  });
  expect(await findings(43, { members })).toEqual([
    expect.stringContaining("SCHEMA before the records of 'numbers' in a read from STATE 1 of 3"),
  ]);
});

test('44 finds a source that reads from a future state as if there were none', async () => {
  expect(await findings(44, { habits: { isNew: () => true } })).toEqual([
    expect.stringContaining("expected: no record of 'numbers' from the bookmark"),
  ]);
});

test('45 finds a second run that begins before the bookmark', async () => {
  const habits = { isNew: (value: unknown, border: unknown) => Number(value) >= Number(border) - 2 };
  expect(await findings(45, { habits })).toEqual([
    expect.stringContaining("expected: records of 'numbers' with id from 11 in a second run"),
  ]);
});

test.concurrent('47 finds a read that an abort does not end', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => honest.read({ ...request, signal: new AbortController().signal }),
  });
  expect(await findings(47, { tables: { endless }, members })).toEqual([
    expect.stringContaining('expected: the end of a read within 5 s after it was aborted at the first message'),
  ]);
}, 20_000);

test('47 finds an abort that is told as an error', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      yield* honest.read(request);
      if (request.signal.aborted) throw new Error('interrupted');
    },
  });
  expect(await findings(47, { members })).toEqual([expect.stringContaining('found: Error: interrupted')]);
});

test('47 finds an aborted read that says everything is done', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      yield* honest.read(request);
      if (request.signal.aborted) yield bookmarked(11);
    },
  });
  expect(await findings(47, { members })).toEqual([
    expect.stringContaining('the last STATE of a read that was aborted at the first message'),
  ]);
});

test('49 finds a source that runs ahead of its reader', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => ({
      async *[Symbol.asyncIterator]() {
        const queue: SourceMessage[] = [];
        let isOver = false;
        void (async () => {
          for await (const message of honest.read(request)) {
            queue.push(message);
            if (queue.length > 20) queue.splice(2, 10);
            if (queue.length % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
            if (isOver) return;
          }
        })();
        try {
          for (;;) {
            const [message] = queue.splice(0, 1);
            if (message === undefined) await new Promise((resolve) => setImmediate(resolve));
            else yield message;
          }
        } finally {
          isOver = true;
        }
      },
    }),
  });
  expect(await findings(49, { tables: { endless }, habits: { pageRows: 100 }, members })).toEqual([
    expect.stringContaining('expected: a source that rests while nobody asks for more'),
  ]);
}, 20_000);

test('50 finds a digit that is another one', async () => {
  const expected = {
    numbers: [
      { id: 1, size: 10 },
      { id: 2, size: 21 },
    ],
  };
  const found = await sourceFindings(() => ({}), {
    connector: () => handWrittenSource({ numbers: byId }),
    config: {},
    expected,
    only: 50,
  });
  expect(found).toEqual([
    expect.stringContaining(`expected: stream 'numbers': 'size' as 21 in {"id":2,"size":21}\n  found: 20`),
  ]);
});
