import { Batch, type SourceConnector, type SourceMessage } from 'c8connector';
import { expect, test } from 'vitest';
import { byId, countedRows, table } from '../../hand-written.ts';
import { bookmarked, type Change, each, findings } from '../broken-source.ts';

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

test('43 finds rows of equal replication keys that are lost after the bookmark', async () => {
  const rows = [...countedRows(1, 11)].map((row) => ({ ...row, size: Number(row.id) < 4 ? 1 : 2 }));
  const tables = { numbers: table({ replicationKey: 'size', rows }) };
  const habits = { isNew: (value: unknown, bookmark: unknown) => Number(value) > Number(bookmark) };
  expect(await findings(43, { tables, habits })).toEqual([expect.stringMatching(/^43 .*found: \d in neither/s)]);
});

test('43 finds a resumed read that begins a new version and is incomplete', async () => {
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
