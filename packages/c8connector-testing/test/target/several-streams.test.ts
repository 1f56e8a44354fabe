import { setImmediate } from 'node:timers/promises';
import type { RecordsMessage, Row, TargetConnector, TargetMessage } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';
import { mergingClaims, mergingTarget } from './merging-target.ts';

type Broken = Parameters<typeof targetFindings>[0];

/** Passes each message to a `write` that is honest but for what becomes of the messages. */
function changed(change: () => (message: TargetMessage) => TargetMessage | undefined): Broken {
  return (honest) => ({
    write(messages, request) {
      const changing = change();
      async function* input(): AsyncGenerator<TargetMessage> {
        for await (const message of messages) {
          const given = changing(message);
          if (given !== undefined) yield given;
        }
      }
      return honest.write(input(), request);
    },
  });
}

/** Adds rows at each FLUSH. `buffer` says what is kept until then. */
function buffering(adding: (stored: Map<string, Row[]>) => TargetConnector['write']): Broken {
  return (_honest, stored) => ({ write: adding(stored) });
}

const numbers = (findings: readonly string[]) => findings.map((finding) => finding.split(' ')[0]);

test('103 finds that the columns of the last SCHEMA are used for all streams', async () => {
  const columnsOfLast: Broken = (_honest, stored) => ({
    async *write(messages) {
      let columns: readonly string[] = [];
      for await (const message of messages) {
        if (message.type === 'SCHEMA') columns = Object.keys(message.schema.properties);
        if (message.type === 'RECORDS') {
          const known = columns;
          const rows = message
            .rows()
            .map((row) =>
              known.length === 0
                ? row
                : (Object.fromEntries(
                    known.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])),
                  ) as Row),
            );
          stored.set(message.stream, [...(stored.get(message.stream) ?? []), ...rows]);
        }
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  });
  expect(numbers(await targetFindings(columnsOfLast))).toEqual(['103']);
});

test('103 finds that the key of the last SCHEMA is used for all streams', async () => {
  const { write, readBack } = mergingTarget();
  const findings = await targetFindings(
    () => ({
      write(messages, request) {
        async function* input(): AsyncGenerator<TargetMessage> {
          const seen = new Map<string, TargetMessage & { type: 'SCHEMA' }>();
          for await (const message of messages) {
            yield message;
            if (message.type !== 'SCHEMA') continue;
            seen.set(message.stream, message);
            for (const other of seen.values()) yield { ...other, keyProperties: message.keyProperties };
          }
        }
        return write(input(), request);
      },
    }),
    { readBack, ...mergingClaims },
  );
  expect(numbers(findings)).toEqual(['103']);
});

test('103 finds that the rows of a stream are lost when those of another one come', async () => {
  const oneBuffer = buffering(
    (stored) =>
      async function* (messages) {
        let buffer: { readonly stream: string; readonly rows: Row[] } | undefined;
        for await (const message of messages) {
          if (message.type === 'RECORDS') {
            if (buffer?.stream !== message.stream) buffer = { stream: message.stream, rows: [] };
            buffer.rows.push(...message.rows());
          }
          if (message.type !== 'FLUSH') continue;
          if (buffer !== undefined) stored.set(buffer.stream, [...(stored.get(buffer.stream) ?? []), ...buffer.rows]);
          buffer = undefined;
          yield message.state;
        }
      },
  );
  expect(await targetFindings(oneBuffer, { only: 103 })).toEqual([
    expect.stringMatching(/^103 .*the rows of 'people_\w+', whose batches came in turns/s),
  ]);
});

test('103 finds that a stream without rows is an error', async () => {
  const failing = changed(() => {
    const empty = new Set<string>();
    return (message) => {
      if (message.type === 'SCHEMA') empty.add(message.stream);
      if (message.type === 'RECORDS') empty.delete(message.stream);
      if (message.type === 'FLUSH' && empty.size > 0) throw new Error('a file without rows');
      return message;
    };
  });
  expect(await targetFindings(failing, { only: 103 })).toEqual([
    expect.stringMatching(/^103 .*a stream without rows, written\n {2}found: Error: a file without rows/s),
  ]);
});

test('104 and nothing else finds a batch that a connector remembers for all its writes', async () => {
  let current: RecordsMessage;
  const findings = await targetFindings((_honest, stored) => ({
    async *write(messages) {
      for await (const message of messages) {
        if (message.type === 'FLUSH') yield message.state;
        if (message.type !== 'RECORDS') continue;
        current = message;
        await setImmediate();
        stored.set(current.stream, [...(stored.get(current.stream) ?? []), ...current.rows()]);
      }
    },
  }));
  expect(findings).toEqual([
    expect.stringMatching(/^104 .*the rows of 'unit_a_\w+', while another unit was written by the same connector/s),
  ]);
});

test.each<[string, (rows: readonly Row[]) => readonly Row[], string]>([
  [
    'rows beyond the most that one request takes',
    (rows) => rows.slice(0, 500),
    'found: 500 rows, 500 of them different; the first that is missing has id 500',
  ],
  ['what does not fill the last request', (rows) => rows.slice(0, 6000), 'found: 6000 rows'],
  [
    'a request that is made twice',
    (rows) => (rows.length > 1000 ? [...rows, ...rows.slice(0, 25)] : rows),
    'found: 7025 rows, 7000 of them different',
  ],
])('105 finds %s', async (_name, change, found) => {
  const findings = await targetFindings(
    (_honest, stored) => ({
      async *write(messages) {
        for await (const message of messages) {
          if (message.type === 'FLUSH') yield message.state;
          if (message.type !== 'RECORDS') continue;
          stored.set(message.stream, [...(stored.get(message.stream) ?? []), ...change(message.rows())]);
        }
      },
    }),
    { only: 105 },
  );
  expect(findings).toEqual([expect.stringMatching(/^105 /)]);
  expect(findings[0]).toContain(found);
});

test('105 finds a statement with more parameters than it may have', async () => {
  const failing = changed(() => (message) => {
    if (message.type === 'RECORDS' && message.count * Object.keys(message.schema.properties).length > 65_535)
      throw new Error('bind message has 70000 parameter formats but 0 parameters');
    return message;
  });
  expect(numbers(await targetFindings(failing))).toEqual(['105']);
});
